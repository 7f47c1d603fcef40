"""Private keys that are not files: in a vault, a key management service, a hardware module. They sign there; nothing of them comes here.

Statements are Ed25519 and nothing else. Of the services that securesystemslib reaches, HashiCorp Vault signs so; the others are passed on
to it and refused, in its words, as long as they do not.
"""

from __future__ import annotations

from collections.abc import Callable

from securesystemslib.exceptions import UnsupportedLibraryError, UnverifiedSignatureError
from securesystemslib.signer import Key, SecretsHandler, Signature, Signer, SSlibKey

from evalharness.errors import BadInput, bad_input, shown
from evalharness.signoff.ed25519 import key_id

PACKAGES = {"hv": "vault", "awskms": "awskms", "gcpkms": "gcpkms", "azurekms": "azurekms", "hsm": "hsm"}
"""Scheme of a URI -> extra of securesystemslib that it needs."""


class RemoteSigner(Signer):
    """A signer whose every answer is checked against the public key, and whose failures are the caller's to mend."""

    def __init__(self, inner: Signer, public: SSlibKey, uri: str) -> None:
        self._inner, self._public, self._uri = inner, public, uri

    @property
    def public_key(self) -> SSlibKey:
        return self._public

    def sign(self, payload: bytes) -> Signature:
        try:
            made = self._inner.sign(payload)
            self._public.verify_signature(Signature(self._public.keyid, made.signature), payload)
        except UnverifiedSignatureError as error:
            raise bad_input(
                "the key at this address signed, but not as the public key says",
                where=self._uri,
                expected=f"an Ed25519 signature by the key {self._public.keyid}",
                hint="is this another key, another version of it, or one of another kind?",
            ) from error
        except Exception as error:  # securesystemslib names no common error of its services and tells callers to catch all
            raise _failed(self._uri, error) from error
        return made

    @classmethod
    def from_priv_key_uri(cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None) -> RemoteSigner:
        """securesystemslib's way of making one."""
        if not isinstance(public_key, SSlibKey):
            raise ValueError("an SSlibKey is needed")
        return cls(Signer.from_priv_key_uri(priv_key_uri, public_key, secrets_handler), public_key, priv_key_uri)


def is_remote(uri: str) -> bool:
    """Whether the text is the address of a key that is no file."""
    return uri.partition(":")[0] in PACKAGES and ":" in uri


def remote_signer(uri: str, public: str, pin: Callable[[], bytes]) -> Signer:
    """The signer behind a URI; `public` is its public key in hex, `pin` is asked where a hardware module wants one. Raises BadInput."""
    key = SSlibKey(key_id(public), "ed25519", "ed25519", {"public": public})
    try:
        return RemoteSigner.from_priv_key_uri(uri, key, lambda _: pin().decode("utf-8"))
    except UnsupportedLibraryError as error:
        extra = PACKAGES[uri.partition(":")[0]]
        raise bad_input(
            "a package for this kind of key is not installed", where=uri, got=str(error), hint=f"pip install 'securesystemslib[{extra}]'"
        ) from error
    except BadInput:
        raise
    except Exception as error:  # as above: services raise what they like
        raise _failed(uri, error) from error


def _failed(uri: str, error: Exception) -> BadInput:
    return bad_input(
        "the key at this address cannot be used",
        where=shown(uri, 300),
        got=f"{type(error).__name__}: {shown(str(error), 300)}",
        hint="its service must be reachable and sign with Ed25519",
    )
