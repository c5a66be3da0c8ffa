"""winmail.dat ([MS-OXTNEF]), as little as makes one."""
import struct


def attribute(level, number, value):
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(values):
    """(type, number, value) each: a text or four bytes; numbers from 0x8000 on get a name."""
    out = struct.pack("<I", len(values))
    for kind, number, value in values:
        out += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            name = "Nombre".encode("utf-16-le") + b"\0\0"
            out += bytes(16) + struct.pack("<II", 1, len(name)) + name.ljust(-(-len(name) // 4) * 4, b"\0")
        if kind == 0x1F:
            text = value.encode("utf-16-le") + b"\0\0"
            out += struct.pack("<II", 1, len(text)) + text.ljust(-(-len(text) // 4) * 4, b"\0")
        else:
            out += struct.pack("<I", value)
    return out


def tnef(subject, body, attached):
    """attached: (short name, long name or None, bytes) each."""
    out = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00018004, subject.encode("cp1252") + b"\0")
    out += attribute(1, 0x0002800C, body.encode("cp1252") + b"\0") if body else b""
    for short, long, content in attached:
        out += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, short.encode("cp1252") + b"\0")
        out += attribute(2, 0x0006800F, content)
        if long:
            out += attribute(2, 0x00069005, properties([(3, 0x0E20, len(content)), (0x1F, 0x8001, "x"), (0x1F, 0x3707, long)]))
    return out
