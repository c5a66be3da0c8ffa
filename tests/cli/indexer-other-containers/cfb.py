"""Writes a compound file ([MS-CFB]): cfb({"name": bytes or {"inner": …}}). Some writers leave the root's name blank."""
import struct


def cfb(tree, root_name="Root Entry"):
    entries, streams = [[root_name, 5, -1, -1, b""]], []
    def add(folder, children):
        numbers = []
        for name, value in children.items():
            entries.append([name, 1 if isinstance(value, dict) else 2, -1, -1, b"" if isinstance(value, dict) else value])
            numbers.append(len(entries) - 1)
            if isinstance(value, dict):
                add(numbers[-1], value)
        for one, two in zip(numbers, numbers[1:]):
            entries[one][2] = two
        entries[folder][3] = numbers[0] if numbers else -1
    add(0, tree)
    mini, minifat, starts = b"", [], {}
    for number, entry in enumerate(entries):
        if entry[1] == 2 and 0 < len(entry[4]) < 4096:
            count = -(-len(entry[4]) // 64)
            starts[number] = len(minifat)
            minifat += [len(minifat) + i + 1 for i in range(count - 1)] + [0xFFFFFFFE]
            mini += entry[4].ljust(count * 64, b"\0")
    fat, sectors = [], []
    def put(data):
        first, count = len(fat), -(-len(data) // 512)
        for i in range(count):
            fat.append(first + i + 1 if i + 1 < count else 0xFFFFFFFE)
            sectors.append(data[i * 512:(i + 1) * 512].ljust(512, b"\0"))
        return first if count else 0xFFFFFFFE
    for number, entry in enumerate(entries):
        if entry[1] == 2 and len(entry[4]) >= 4096:
            starts[number] = put(entry[4])
    root = put(mini)
    table = put(struct.pack("<%dI" % len(minifat), *minifat).ljust(-(-len(minifat) * 4 // 512) * 512, b"\xff"))
    directory = b""
    for number, (name, kind, right, child, data) in enumerate(entries):
        text = name.encode("utf-16-le") + b"\0\0"
        directory += (text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, 0xFFFFFFFF, right & 0xFFFFFFFF,
                      child & 0xFFFFFFFF) + bytes(36) + struct.pack("<IQ", root if number == 0 else
                      starts.get(number, 0xFFFFFFFE), len(mini) if number == 0 else len(data)))
    first = put(directory)
    count = 1
    while (len(fat) + count) > count * 128:
        count += 1
    places = [len(fat) + i for i in range(count)]
    fat += [0xFFFFFFFD] * count
    packed = struct.pack("<%dI" % len(fat), *fat).ljust(count * 512, b"\xff")
    head = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6) +
            struct.pack("<IIIIIIIIII", 0, count, first, 0, 4096, table, -(-len(minifat) // 128), 0xFFFFFFFE, 0, 0)[:40])
    head = head[:76] + struct.pack("<109I", *(places + [0xFFFFFFFF] * (109 - count)))
    return head + b"".join(sectors) + packed
