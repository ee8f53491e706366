"""What a pirate does to a chapter changes what it should and nothing else."""

from __future__ import annotations

from infringewatch.demo.content import Chapter, split_chapters
from infringewatch.demo.pirating import insert_adverts, insert_zero_width, keep_part, rename

CHAPTER = Chapter(
    "第一章 灯", tuple(f"顾怀灯点了第{number}盏灯，灯下的雾便退后一步，他又点了下一盏。" for number in range(8))
)


def test_people_get_other_names() -> None:
    assert all("林守一" in text and "顾怀灯" not in text for text in rename(CHAPTER, {"顾怀灯": "林守一"}).paragraphs)


def test_an_advert_follows_every_fourth_paragraph() -> None:
    assert insert_adverts(CHAPTER, ["广告"]).paragraphs[4::5] == ("广告", "广告")


def test_invisible_characters_leave_the_text_readable() -> None:
    salted = insert_zero_width(CHAPTER)
    assert salted != CHAPTER
    assert tuple(text.replace("\u200b", "") for text in salted.paragraphs) == CHAPTER.paragraphs


def test_a_part_is_kept() -> None:
    assert keep_part(CHAPTER, 0.25, 0.5).paragraphs == CHAPTER.paragraphs[2:4]


def test_a_text_falls_into_its_chapters() -> None:
    chapters = split_chapters("书名\n\n第一章 甲\n\n一\n二\n\n第二章 乙\n\n三\n")
    assert chapters == [Chapter("第一章 甲", ("一", "二")), Chapter("第二章 乙", ("三",))]
