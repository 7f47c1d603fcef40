"""What ran: versions that can change a byte of the result."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "evalharness", "jinja2", "numpy", "pandas", "pyarrow", "pydantic", "rfc8785", "ruamel.yaml", "scikit-learn", "scipy", "skops",
)  # fmt: skip
OPTIONAL_PACKAGES = ("fairlearn", "mlflow")


def package_version(name: str) -> str | None:
    """Installed version of a distribution, or null."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def environment() -> dict[str, str]:
    """Python, platform and the versions of the packages that take part in an evaluation."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": f"{platform.system()}-{platform.machine()}",
        **{name: package_version(name) or "absent" for name in PACKAGES},
    }
