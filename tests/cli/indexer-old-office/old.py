"""Streams of old Office files: a book of Excel ([MS-XLS]) and a show of PowerPoint ([MS-PPT]), as little as makes them."""
import struct


def record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def book(version, locked=False):
    """Two sheets; numbers in each form, a date, texts of one byte and of two, one that goes on in another record, results of
    formulas; a chart within a sheet, whose text is none. version: 5 (1995) or 8 (1997)."""
    new = version == 8

    def text(words, size):
        if not new:
            return struct.pack(size, len(words)) + words.encode("cp1252")
        wide = any(ord(c) > 255 for c in words)
        return struct.pack(size + "B", len(words), wide) + words.encode("utf-16-le" if wide else "latin-1")

    begin = lambda kind: record(0x809, struct.pack("<HHHH", 0x600 if new else 0x500, kind, 0, 0) + bytes(8))
    cell = lambda row, column, style=0: struct.pack("<HHH", row, column, style)
    shared = ["Municipio", "Año “fiscal”", "Obras de riego y de defensa"]
    if new:
        first = struct.pack("<II", 3, 3) + text(shared[0], "<H") + text(shared[1], "<H")
        rich = struct.pack("<HBH", len(shared[2]), 8, 1) + b"Obras de "  # a run of letters follows the text
        rest = b"\1" + "riego y de defensa".encode("utf-16-le") + struct.pack("<HH", 3, 1)
        strings = record(0xFC, first + rich) + record(0x3C, rest)
        head = [record(0xFD, cell(0, i) + struct.pack("<I", i)) for i in range(3)]
    else:
        strings = record(0x42, struct.pack("<H", 1252))
        head = [record(0x204, cell(0, i) + text(words, "<H")) for i, words in enumerate(shared)]
    cells = b"".join(head) + b"".join([
        record(0x204, cell(1, 0) + text("Ñuñoa", "<H")),
        record(0x27E, cell(1, 1, 1) + struct.pack("<I", 43466 << 2 | 2)),
        record(0x203, cell(1, 2) + struct.pack("<d", 1234.5)),
        record(0xBD, struct.pack("<HH", 2, 0) + struct.pack("<HI", 0, 725 << 2 | 3) + struct.pack("<HI", 0, 5 << 2 | 2) + struct.pack("<H", 1)),
        record(0x06, cell(2, 2) + struct.pack("<d", 12.25) + bytes(8)),
        record(0x06, cell(3, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)),
        record(0x207, text("de una fórmula", "<H")),
        begin(0x20), record(0x204, cell(0, 0) + text("dibujo", "<H")), record(0x0A)])
    sheets = [begin(0x10) + cells + record(0x0A), begin(0x10) + record(0x204, cell(0, 0) + text("Segunda hoja", "<H")) + record(0x0A)]
    names = ["Obras", "Notas"]
    globals_ = lambda places: (
        begin(5) + (record(0x2F, bytes(6)) if locked else b"")
        + record(0x41E, struct.pack("<H", 164) + text("dd\\/mm\\/yyyy", "<H" if new else "<B"))
        + record(0xE0, struct.pack("<HH", 0, 0) + bytes(16)) + record(0xE0, struct.pack("<HH", 0, 164) + bytes(16))
        + b"".join(record(0x85, struct.pack("<IBB", place, 0, 0) + text(name, "<B")) for place, name in zip(places, names))
        + strings + record(0x0A))
    size = len(globals_([0, 0]))
    return globals_([size, size + len(sheets[0])]) + sheets[0] + sheets[1]


def atom(kind, content, instance=0):
    return struct.pack("<HHI", instance << 4, kind, len(content)) + content


def container(kind, parts, instance=0):
    content = b"".join(parts)
    return struct.pack("<HHI", instance << 4 | 15, kind, len(content)) + content


def show(saved_twice=False):
    """Two slides with a box each, the notes of the first. Saved twice: the second slide was changed, its old form is still there."""
    words = lambda text: atom(0x0FA0, text.encode("utf-16-le"))
    box = lambda text: container(0x040C, [container(0xF002, [container(0xF00D, [text])])])
    place = lambda number: atom(0x03F3, struct.pack("<IIIII", number, 0, 0, 256, 0))
    objects = {
        1: container(0x03E8, [
            container(0x0FF0, [place(2), words("Plan de riego – 2019"), words("Canal norte\rCompuertas\vdel ñandú"), place(3),
                               atom(0x0FA8, "Presupuesto del a\xf1o".encode("latin-1"))], 0),
            container(0x0FF0, [place(4)], 2)]),
        2: container(0x03EE, [box(words("Fuente: elaboración propia"))]),
        3: container(0x03EE, [box(words("Cuadro viejo"))]),
        4: container(0x03F0, [box(words("Decir que es provisorio"))]),
    }
    stream, edit = b"", 0
    for saving in ([objects, {3: container(0x03EE, [box(words("Cuadro nuevo"))])}] if saved_twice else [objects]):
        places = {}
        for number, content in saving.items():
            places[number] = len(stream)
            stream += content
        directory = len(stream)
        stream += atom(0x1772, b"".join(struct.pack("<II", number | 1 << 20, at) for number, at in places.items()))
        last, edit = edit, len(stream)
        stream += atom(0x0FF5, struct.pack("<IIIIIIHH", 0, 0, last, directory, 1, 5, 0, 0))
    return {"PowerPoint Document": stream, "Current User": atom(0x0FF6, struct.pack("<IIIHHBBH", 20, 0xE391C05F, edit, 0, 0x03F4, 3, 0, 0))}
