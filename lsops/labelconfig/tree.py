"""From the text of a label config to a light tree that knows where each element stands.

Expat is driven directly: `lsops validate` parses thousands of configs, and a tree of slotted nodes
built in three callbacks costs about a microsecond per element.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

MAX_DEPTH = 200
MAX_BYTES = 1024 * 1024
MAX_ELEMENTS = 60_000
"""More than the shortest elements that mean something would take in `MAX_BYTES`: 19 bytes for a `Choice`."""
COMMENT = "#comment"
INSTRUCTION = "#instruction"
DECLARATION = "#declaration"

_BLANK = " \t\r\n"
_REPEATED = 60
_UNCLOSED = (
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH],
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
)


class LabelConfigError(Exception):
    """The text is not XML that Label Studio takes; `line` and `column` count from 1; `hint` says what to write."""

    def __init__(self, message: str, line: int = 1, column: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint


class Node:
    """An element: `text` stands before its first child, `tail` behind it in its parent."""

    __slots__ = ("attributes", "children", "column", "line", "tag", "tail", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int, column: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""
        self.tail = ""
        self.line = line
        self.column = column

    def __repr__(self) -> str:
        return f"<{self.tag} at {self.line}:{self.column}>"

    def iter(self) -> Iterator[Node]:
        """This element and all below it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.children:
                stack.extend(reversed(node.children))


class _Builder:
    """Expat's callbacks; `document` holds the root element and, if wanted, what is around it."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.document = Node("", {}, 1, 1)
        self.stack = [self.document]
        self.parser = parser
        self.left = MAX_ELEMENTS

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parser, stack = self.parser, self.stack
        node = Node(tag, attributes, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        stack[-1].children.append(node)
        stack.append(node)
        self.left -= 1
        if self.left < 0:
            raise LabelConfigError(f"the label config has more than {MAX_ELEMENTS} elements", node.line, node.column)
        if len(stack) > MAX_DEPTH + 1:
            raise LabelConfigError(f"elements are nested more than {MAX_DEPTH} deep", node.line, node.column)

    def end(self, _tag: str) -> None:
        self.stack.pop()

    def characters(self, text: str) -> None:
        node = self.stack[-1]
        if node.children:
            node.children[-1].tail += text
        else:
            node.text += text

    def comment(self, text: str) -> None:
        self._leaf(COMMENT, {}, text)

    def instruction(self, target: str, text: str) -> None:
        self._leaf(INSTRUCTION, {"target": target}, text)

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        attributes = {"version": version}
        if encoding is not None:
            attributes["encoding"] = encoding
        if standalone >= 0:  # expat says -1 for "not written"
            attributes["standalone"] = "yes" if standalone else "no"
        self._leaf(DECLARATION, attributes, "")

    def refuse_doctype(self, *_: object) -> None:
        parser = self.parser
        raise LabelConfigError("a DOCTYPE is not accepted", parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def _leaf(self, kind: str, attributes: dict[str, str], text: str) -> None:
        parser = self.parser
        node = Node(kind, attributes, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        node.text = text
        self.stack[-1].children.append(node)


def parse(text: str) -> Node:
    """The root element of a label config, without comments and processing instructions.

    The text is stripped first, as the server does. References other than the five predefined ones and
    those to characters are never expanded.

    Raises `LabelConfigError` for what is not well-formed, blank, over 1 MiB, of too many elements or nested too
    deep, for an unbound namespace prefix, and for a DOCTYPE (community-api.md 2.5: `DTDForbidden`).
    """
    return read_document(text).children[-1]


def read_document(text: str, *, markup: bool = False, namespaces: bool = False) -> Node:
    """A node without a tag whose last child element is the root.

    `markup` keeps comments, processing instructions and the XML declaration as nodes whose tag begins with
    `#`. `namespaces` writes a name that is in a namespace as `uri}name`, as the server's parser does.

    Raises `LabelConfigError` as `parse` does.
    """
    stripped = text.strip()
    _refuse_size(text, stripped)
    builder = _new_builder(markup, "}" if namespaces else None)
    try:
        _feed(builder, stripped)
        if not namespaces and ":" in stripped:
            _check_prefixes(stripped)
    except LabelConfigError as error:
        _shift_error(error, text)
        raise
    finally:
        # The parser and its callbacks refer to each other, and `lsops validate` runs without the cycle collector.
        del builder.parser
    _shift_nodes(builder.document, text)
    return builder.document


def _refuse_size(text: str, stripped: str) -> None:
    if not stripped:
        raise LabelConfigError("the label config is blank")
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise LabelConfigError(f"the label config has {size} bytes; {MAX_BYTES} is the most that lsops reads")


def _new_builder(markup: bool, separator: str | None) -> _Builder:
    parser = expat.ParserCreate(namespace_separator=separator)
    builder = _Builder(parser)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.refuse_doctype
    parser.EntityDeclHandler = builder.refuse_doctype
    if markup:
        parser.CommentHandler = builder.comment
        parser.ProcessingInstructionHandler = builder.instruction
        parser.XmlDeclHandler = builder.declaration
    return builder


def _feed(builder: _Builder, text: str) -> None:
    try:
        builder.parser.Parse(text, True)
    except expat.ExpatError as error:
        from lsops.labelconfig.mending import hint  # only for a config that is wrong

        told = _explain(error, builder.stack)
        raise LabelConfigError(told, error.lineno, error.offset + 1, hint(text, error)) from error
    except UnicodeEncodeError as error:
        before = text[: error.start]
        line, column = before.count("\n") + 1, error.start - before.rfind("\n")
        raise LabelConfigError("a lone surrogate is not a character", line, column) from error


def _explain(error: expat.ExpatError, stack: list[Node]) -> str:
    reason = expat.ErrorString(error.code) or "unknown error"
    message = f"not well-formed XML: {reason.removeprefix('not well-formed ').strip('()')}"
    if error.code in _UNCLOSED and len(stack) > 1:
        message += f"; <{stack[-1].tag[:_REPEATED]}> of line {stack[-1].line} is not closed"
    return message


def _check_prefixes(text: str) -> None:
    """Parse once more with namespaces, only to learn of an unbound prefix, which the server refuses."""
    builder = _new_builder(markup=False, separator="}")
    try:
        _feed(builder, text)
    finally:
        del builder.parser


def _shift_error(error: LabelConfigError, text: str) -> None:
    lines, columns = _leading(text)
    error.column += columns if error.line == 1 else 0
    error.line += lines


def _shift_nodes(document: Node, text: str) -> None:
    lines, columns = _leading(text)
    if lines or columns:
        for node in document.iter():
            node.column += columns if node.line == 1 else 0
            node.line += lines


def _leading(text: str) -> tuple[int, int]:
    """How many lines, and columns of the last of them, were stripped from the front."""
    lead = text[: len(text) - len(text.lstrip())]
    return lead.count("\n"), len(lead) - (lead.rfind("\n") + 1)


def is_blank(text: str) -> bool:
    """True for white space as XML has it, which is less than `str.isspace`."""
    return not text.strip(_BLANK)
