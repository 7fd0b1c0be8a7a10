"""Doing again what a changed lexicon, rule or module may make otherwise, and nothing else.

``changes`` compares two pipelines by their components; ``touched`` says which documents a change can reach; ``plan``
makes tasks of these. What cannot be known counts as touched.
"""

from flows.reprocess.plan import Reasons, plan

__all__ = ["Reasons", "plan"]
