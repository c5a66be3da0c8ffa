"""Mailboxes of Outlook as its files have them (MS-PST, Unicode, not encrypted): as little as makes one.

    pst("Archivo", {"Entrada": [item(...), …]}) → bytes
"""
import struct

INT, BOOLEAN, TEXT, TIME, BINARY = 3, 0xB, 0x1F, 0x40, 0x102


def heap(items, kind):
    """Parts of a block that are found by number (2.3.1): item n is n << 5."""
    body, offsets = b"", []
    for item in items:
        offsets.append(12 + len(body))
        body += item
    offsets.append(12 + len(body))
    body += b"\0" * (len(body) % 2)
    return (struct.pack("<HHII", 12 + len(body), kind, 0x20, 0) + body
            + struct.pack("<HH%dH" % len(offsets), len(items), 0, *offsets))


def properties(values):
    """{(number, type): value} as a property context (2.3.3)."""
    items, records = [struct.pack("<HHI", 0x02B5, 6, 0x40), b""], b""
    for (number, kind), value in sorted(values.items()):
        if kind in (INT, BOOLEAN):
            short = value
        else:
            if kind == TEXT:
                value = value.encode("utf-16-le")
            elif kind == TIME:
                value = struct.pack("<Q", (value + 11644473600) * 10**7)
            items.append(value)
            short = len(items) << 5
        records += struct.pack("<HHI", number, kind, short)
    items[1] = records
    return heap(items, 0xBCEC)


def table(rows):
    """A table (2.3.4) of the attachments' numbers."""
    columns = struct.pack("<HHHBB", INT, 0x67F2, 0, 4, 0)
    head = struct.pack("<BBHHHHIIHH", 0x7C, 1, 4, 4, 4, 5, 0x40, 0x80, 0, 0)
    items = [head + columns, struct.pack("<HHI", 0x04B5, 4, 0x60),
             b"".join(struct.pack("<II", number, i) for i, number in enumerate(rows)),
             b"".join(struct.pack("<IB", number, 0x80) for number in rows)]
    return heap(items, 0x7CEC)


def item(kind, subject, body, sender=None, sent=None, more={}, attached=()):
    """attached: (name, bytes) each. → properties, attachments"""
    values = {(0x001A, TEXT): kind, (0x0037, TEXT): subject, (0x1000, TEXT): body, **more}
    if sender:
        values[0x0C1A, TEXT] = sender
    if sent:
        values[0x0039, TIME] = sent
    return values, attached


class Writer:
    def __init__(self):
        self.data, self.blocks, self.nodes = bytearray(0x400), [], []

    def block(self, content, inner=False):
        number = (len(self.blocks) + 1) * 4 + (2 if inner else 0)
        self.blocks.append((number, len(self.data), len(content)))
        self.data += content
        self.data += b"\0" * (-len(self.data) % 64)
        return number

    def node(self, number, parent, content, subnodes=()):
        """subnodes: (number, content) each, which lie in a list of their own (2.2.2.8.3.3)."""
        lies = self.block(content)
        inner = 0
        if subnodes:
            entries = [struct.pack("<QQQ", n, self.block(c), 0) for n, c in subnodes]
            inner = self.block(struct.pack("<HHI", 2, len(entries), 0) + b"".join(entries), True)
        self.nodes.append((number, lies, inner, parent))

    def page(self, entries, size):
        at = len(self.data)
        assert len(entries) * size <= 488
        self.data += b"".join(entries).ljust(488, b"\0")
        self.data += struct.pack("<BBBBI", len(entries), 488 // size, size, 0, 0) + b"\0" * 8 + struct.pack("<Q", 0)
        return at

    def finish(self):
        blocks = self.page([struct.pack("<QQHHI", n, at, size, 2, 0) for n, at, size in self.blocks], 24)
        nodes = self.page([struct.pack("<QQQII", n, lies, inner, parent, 0) for n, lies, inner, parent in sorted(self.nodes)], 32)
        head = bytearray(0x400)
        head[0:4] = b"!BDN"
        struct.pack_into("<H", head, 8, 0x4D53)
        struct.pack_into("<H", head, 10, 23)
        struct.pack_into("<Q", head, 0xB8, len(self.data))
        struct.pack_into("<QQ", head, 0xD8, 0, nodes)
        struct.pack_into("<QQ", head, 0xE8, 0, blocks)
        self.data[0:0x400] = head
        return bytes(self.data)


def pst(name, folders):
    out = Writer()
    entry = struct.pack("<I16sI", 0, b"legajo".ljust(16, b"."), 0x8022)
    out.node(0x21, 0, properties({(0x3001, TEXT): name, (0x35E0, BINARY): entry}))
    folder = lambda title, count: properties({(0x3001, TEXT): title, (0x3602, INT): count, (0x360A, BOOLEAN): 1})
    out.node(0x8022, 0x122, folder("Inicio", 0))
    letter = 0x200024
    for number, (title, items) in enumerate(folders.items()):
        own = 0x8042 + 0x20 * number
        out.node(own, 0x8022, folder(title, len(items)))
        for values, attached in items:
            subnodes = []
            if attached:
                numbers = [0x8025 + 0x20 * i for i in range(len(attached))]
                subnodes = [(0x671, table(numbers))] + [
                    (n, properties({(0x3705, INT): 1, (0x3707, TEXT): title, (0x3701, BINARY): content}))
                    for n, (title, content) in zip(numbers, attached)]
            out.node(letter, own, properties(values), subnodes)
            letter += 0x20
    return out.finish()
