"""Tokens, sentences, sections, abbreviations: what all finders build on."""

from pipeline.structure.found import register

register()

from pipeline.structure import abbreviations, sentences, tokenizer  # noqa: E402

__all__ = ["abbreviations", "sentences", "tokenizer"]
