"""Licences of the packages that the app runs on: those of a table, and a few by name, each with its reason."""

import json
import re

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from vgan.release.result import Place, Result, judged, run, skipped

ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 HPND ISC MIT MIT-0 MIT-CMU MPL-2.0 OFL-1.1 PSF-2.0 "
    "Unlicense Zlib".split()
)
EXCEPTIONS = {  # name, or the beginning of one: why it may be used all the same
    "cuda-": "NVIDIA's, comes with torch where that is built for its cards, and is passed on by nobody but NVIDIA",
    "nvidia-": "NVIDIA's, comes with torch where that is built for its cards, and is passed on by nobody but NVIDIA",
}
PLAIN = {  # what packages without an SPDX expression write
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
LIST = """
import json
from importlib.metadata import distributions
names = ("Name", "Version", "License-Expression", "License")
print(json.dumps([{**{name: one.metadata.get(name) or "" for name in names}, "Classifiers": [
    line.split(" :: ")[-1] for line in one.metadata.get_all("Classifier") or [] if line.startswith("License :: ")
]} for one in distributions()]))
"""


def check(place: Place) -> Result:
    """Every package that is installed beside the app."""
    listed = run([place.python, "-c", LIST], place.root)
    if listed.returncode:
        return skipped(f"no environment to look into: {listed.stderr.strip()[-120:]}")
    found = {one["Name"]: licence_of(one) for one in json.loads(listed.stdout)}
    findings = [
        f"{name}: {licence or 'says no licence'}"
        for name, licence in sorted(found.items())
        if not allowed(licence) and not any(name.lower().startswith(known) for known in EXCEPTIONS)
    ]
    return judged(f"{len(found)} packages, {len(ALLOWED)} licences allowed, {len(EXCEPTIONS)} exceptions", findings)


def licence_of(metadata: dict[str, object]) -> str:
    """The SPDX expression of a package, or the words that it uses; empty where it says nothing."""
    said = str(metadata["License-Expression"])
    if said:
        return said
    classifiers = metadata["Classifiers"]
    words = [str(metadata["License"]).strip().split("\n")[0], *(classifiers if isinstance(classifiers, list) else [])]
    for word in words:
        known = PLAIN.get(word.lower(), word)
        try:
            return canonicalize_license_expression(known)
        except InvalidLicenseExpression:
            continue
    return next(filter(None, words), "")


def allowed(licence: str) -> bool:
    """Whether an SPDX expression can be kept to by ALLOWED alone: every part of `AND`, one of `OR`."""
    try:
        words = re.findall(r"\(|\)|[^\s()]+", canonicalize_license_expression(licence))
    except InvalidLicenseExpression:
        return False
    if not words:
        return False

    def either() -> bool:
        value = both()
        while words and words[0] == "OR":
            words.pop(0)
            value = both() or value
        return value

    def both() -> bool:
        value = one()
        while words and words[0] == "AND":
            words.pop(0)
            value = one() and value
        return value

    def one() -> bool:
        word = words.pop(0)
        if word == "(":
            value = either()
            words.pop(0)
            return value
        if words and words[0] == "WITH":  # an exception only ever allows more
            del words[:2]
        return word in ALLOWED

    return either()
