"""Makes drug_names.csv and drug_lookalike.csv from the dictionary of ``drug-named-entity-recognition``.

Not needed at run time. SOURCES.md names the package, its licence and the word lists; the command is::

    python -m pipeline.mentions.drug_import drug_ner_dictionary.pkl.bz2 american-english-large british-english

What is left out: whatever drug.csv already says (analytes, foods and the like are in there, flagged
``context`` or ``not``, and take their synonyms with them), English words, chemicals that no register of
medicines lists, proteins, plants and allergens, inverted names ("salt, creatinine"), structural names, codes,
names shorter than five letters. MeSH's ids are left out since the dictionary gives the drug's action
instead of the drug (rituximab has the id of "Antineoplastic Agents, Immunological"). ``common`` marks a name
that both DrugBank and MeSH have: its misspellings are looked for.
"""

import bz2
import csv
import io
import pickle
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.lexicon import FOLDER, Entry, load
from pipeline.mentions.drug_context import SALT
from pipeline.mentions.drug_stems import Stems, deletes
from pipeline.structure.terms import key

SOURCE = "drug-ner"
WRITTEN = re.compile(r"[a-z][a-z0-9 '-]*[a-z0-9]")
STRUCTURAL = re.compile(
    r"\d-|-\d|yl-|-yl|\bn-|\bo-|\bp-|\bd-|\bl-|\bdl-|oxy-|-oxo|amino-|\b(alpha|beta|gamma|cis|trans)-|"
    r"\b\w{1,2} \w{1,2}\b|^.{1,2}-|^\w{1,3} "
)
OTHER = re.compile(
    r"whole|pollen|allergen|extract|bark|seed|flower|\broot|leaf|\boil\b|juice|antigen|receptor|protein|antibod|"
    r"kinase|transferase|hydrolase|synthase|reductase|oxidase|factor|channel|inhibitor|agonist|antagonist|agents?\b|"
    r"drugs?\b|compounds?\b|derivatives?\b|\bcation|\banion|\bion\b|gene\b|\brna\b|\bdna\b|virus|fruit|rhizome|\bherb|"
    r"top\b|fish|meat|hair|\begg|milk|nut\b|bean|wheat|\bdye\b|\bred\b|\bblue\b|yellow|green|violet|black|orange|"
    r"\bgum\b|\bwax\b|starch|powder|resin|polymer|strain|acetone|\bether\b|aldehyde|amino acid|"
    r"fatty|peptide|homeopath|testosteron|estradiol|cortisol|progesteron"
)
LATIN = re.compile(r"\w{5,}(um|us|is|ona|ina|ida|ato|olo|ilo|ido|ano|eno|ene|ii|ae)")
# Branches of MeSH: enzymes, proteins other than immunoglobulins, nucleic acids, biological factors, lipids,
# uses of chemicals.
NO_DRUG = ("D08.", "D13.", "D23.", "D27.720", "D10.", "D12.776")
ANTIBODIES = ("D12.776.124.486.485", "D12.776.124.790.651")


class _Plain(pickle.Unpickler):
    """Reads dictionaries, lists, strings and numbers; a pickle that asks for anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise ValueError(f"the dictionary holds an object of {module}.{name}; plain data was expected")


def convert(dictionary: dict[str, Any], english: set[str], own: Iterable[Entry]) -> Iterator[dict[str, str]]:
    """The rows of drug_names.csv, in no order."""
    details, known = dictionary["drug_canonical_to_data"], {key(e.term): e for e in own}
    stems = Stems(load("drug_stem"))
    taken = set(known)
    for name, variants in sorted(_by_name(dictionary).items()):
        entry = details.get(name)
        if entry is None or not _is_medicine(name, entry, stems):
            continue
        curated = known.get(key(name))
        measured = curated is not None and bool(curated.flags & {"context", "not"})
        if curated and measured and curated.columns["class"] != "hormone":
            continue
        listed = "medline_plus_id" in entry or "nhs_url" in entry
        for term in sorted(variants, key=lambda v: (v != name, v)):
            words = key(term)
            if measured and (" " in term or not listed):
                continue
            if term.startswith(name) and SALT.fullmatch(term, len(name)):
                continue  # the finder takes salts in by itself
            if words not in taken and _is_name(term, name, english, listed):
                taken.add(words)
                codes = entry if term == name else {}
                yield {
                    "term": term,
                    "name": "" if term == name else name,
                    "flags": "",
                    "drugbank": codes.get("drugbank_id", ""),
                    "common": "yes" if "drugbank_id" in codes and "mesh_id" in codes else "",
                    "source": SOURCE,
                }


def look_alikes(names: Iterable[str], words: Iterable[str]) -> list[str]:
    """The words one edit away from a name: a misspelling they are not."""
    near = {form for name in names for form in deletes(name)}
    return sorted({w for w in words if len(w) > 6 and not near.isdisjoint(deletes(w))})


def _by_name(dictionary: dict[str, Any]) -> dict[str, set[str]]:
    """The spellings of each name."""
    spellings = defaultdict(set)
    for term, names in dictionary["drug_variant_to_canonical"].items():
        if len(names) == 1 or term in names:
            spellings[term if term in names else names[0]].add(term)
    return spellings


def _is_medicine(name: str, entry: dict[str, Any], stems: Stems) -> bool:
    """Whether it is a medicine: a register of medicines lists it, or its name has a stem of medicines."""
    if "medline_plus_id" in entry or "nhs_url" in entry or stems.kind(name):
        return True
    trees = entry.get("mesh_tree", ())
    if OTHER.search(name) or (
        trees and all(t.startswith(NO_DRUG) and not t.startswith(ANTIBODIES) for t in trees)
    ):
        return False
    return "drugbank_id" in entry and ("smiles" in entry or " " not in name) and not STRUCTURAL.search(name)


def _is_name(term: str, name: str, english: set[str], listed: bool) -> bool:
    """Whether a text that has this spelling means the drug."""
    parts = re.split(r"[ '-]", term)
    if not 5 <= len(term) <= 36 or len(parts) > 4 or not WRITTEN.fullmatch(term):
        return False
    if any(c.isdigit() for c in term) and not re.search(r"[a-z]{2,}[ -]?\d{3,}|\b[a-z]?\d{1,2}$", term):
        return False
    if STRUCTURAL.search(term) or (OTHER.search(term) and not listed):
        return False
    if all(p in english or len(p) < 3 for p in parts):
        return listed and term == name
    foreign = term[:4] == name[:4] and LATIN.fullmatch(term) and not LATIN.fullmatch(name)
    return term == name or not foreign


def main(pickled: str, *word_lists: str) -> None:
    """Writes both files beside the others."""
    dictionary = _Plain(io.BytesIO(bz2.decompress(Path(pickled).read_bytes()))).load()
    english = {
        word.strip().lower()
        for path in word_lists
        for word in Path(path).read_text(encoding="utf-8").splitlines()
    }
    own = load("drug")
    rows = sorted(convert(dictionary, english, own), key=lambda row: row["term"].casefold())
    _write("drug_names", rows)
    drugs = {key(row["term"]) for row in rows} | {key(e.term) for e in own}
    names = sorted(
        {
            name
            for row in rows
            if (name := row["term"]) and row["common"] and len(name) > 7 and " " not in name
        }
    )
    spelled = dictionary["drug_variant_to_canonical"]
    others = {
        w for w in english | {v for v in spelled if not drugs & set(map(key, spelled[v]))} if w.isalpha()
    }
    alike = [w for w in look_alikes(names, others) if key(w) not in drugs]
    _write("drug_lookalike", [{"term": w, "source": SOURCE} for w in alike])


def _write(name: str, rows: list[dict[str, str]]) -> None:
    """Writes a lexicon file."""
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
