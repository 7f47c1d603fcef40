"""The family `message-triage`: short conversations of placeholder tokens, some of them relevant.

Tokens are independent given (relevant or not, the group whose usage they follow). Every group carries part of its signal in tokens
of its own: a model that has never seen a group misses it.
"""

from evalharness.benchmarks.families.message_triage.family import MessageTriage

__all__ = ["MessageTriage"]
