"""XMP packets (ISO 16684-1), written and read as tables: "dc:title" to text, or to a list of small tables."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from itertools import islice

from vgan.errors import MediaError

LONGEST = 1 << 18  # bytes of a packet that is read; ours have a few thousand
MOST_ENTRIES = 100  # of a list that is read
LONGEST_VALUE = 2000  # characters of one value that is read

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "vgan": "urn:vgan-studio:provenance#",
}
PHRASES = ("dc:title", "dc:rights", "xmpRights:UsageTerms")  # which XMP keeps by language

_META, _RDF, _XML = (
    "adobe:ns:meta/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/XML/1998/namespace",
)
_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'  # both as the standard has them
_TAIL = '\n<?xpacket end="w"?>'
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 has no way to write

Entry = Mapping[str, str]
Value = str | Sequence[Entry]

for _prefix, _uri in (*NAMESPACES.items(), ("x", _META), ("rdf", _RDF)):
    ET.register_namespace(_prefix, _uri)


def packet(properties: Mapping[str, Value]) -> bytes:
    """A packet that says `properties`: names with a prefix of NAMESPACES, each to text or to a list of tables of texts,
    with such names too. Characters that XML cannot hold are left out."""
    meta = ET.Element(f"{{{_META}}}xmpmeta")
    about = ET.SubElement(ET.SubElement(meta, _rdf("RDF")), _rdf("Description"), {_rdf("about"): ""})
    for name, value in properties.items():
        element = ET.SubElement(about, _full(name))
        if name in PHRASES and isinstance(value, str):
            default = {f"{{{_XML}}}lang": "x-default"}
            ET.SubElement(ET.SubElement(element, _rdf("Alt")), _rdf("li"), default).text = _clean(value)
        elif isinstance(value, str):
            element.text = _clean(value)
        else:
            bag = ET.SubElement(element, _rdf("Bag"))
            for entry in value:
                item = ET.SubElement(bag, _rdf("li"), {_rdf("parseType"): "Resource"})
                for field, text in entry.items():
                    ET.SubElement(item, _full(field)).text = _clean(text)
    return f"{_HEAD}{ET.tostring(meta, encoding='unicode')}{_TAIL}".encode()


def read(data: bytes) -> dict[str, Value]:
    """What a packet says, by names with the prefixes of NAMESPACES; everything else in it is passed over.

    Raises MediaError for what is no XML, too long, or declares entities, which no packet needs.
    """
    if len(data) > LONGEST:
        raise MediaError(f"its XMP has {len(data):,} bytes; at most {LONGEST:,} are read.")
    try:
        text = data.decode("utf-8").rstrip("\x00")
        if "<!DOCTYPE" in text:  # its entities can unfold to any size, and name files
            raise MediaError("its XMP declares a document type, which no XMP has.")
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise MediaError(f"its XMP is no XML in UTF-8 ({str(error)[:120]}).") from error
    found: dict[str, Value] = {}
    rdf = root if root.tag == _rdf("RDF") else root.find(_rdf("RDF"))
    for about in () if rdf is None else rdf.findall(_rdf("Description")):
        for key, plain in about.items():  # texts may be attributes
            _note(found, key, plain[:LONGEST_VALUE])
        for element in about:
            _note(found, element.tag, _value(element))
    return found


def _value(element: ET.Element) -> Value:
    items = list(islice(element.iter(_rdf("li")), MOST_ENTRIES))
    tables = [entry for item in items if (entry := _entry(item))]
    if tables:
        return tables
    return ((items[0] if items else element).text or "").strip()[:LONGEST_VALUE]


def _entry(item: ET.Element) -> dict[str, str]:
    """The table in an item of a list: its fields are in it, in a description in it, or attributes of either."""
    inner = item.find(_rdf("Description"))
    holder = item if inner is None else inner
    pairs = [*holder.items(), *((field.tag, (field.text or "").strip()) for field in holder)]
    return {name: text[:LONGEST_VALUE] for key, text in pairs if (name := _short(key))}


def _note(found: dict[str, Value], key: str, value: Value) -> None:
    name = _short(key)
    if name and name not in found:
        found[name] = value


def _rdf(name: str) -> str:
    return f"{{{_RDF}}}{name}"


def _full(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{rest}"


def _short(key: str) -> str:
    """A full name with its prefix, or nothing for one of another namespace."""
    uri, _, rest = key.removeprefix("{").partition("}")
    return f"{_PREFIXES[uri]}:{rest}" if uri in _PREFIXES else ""


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
