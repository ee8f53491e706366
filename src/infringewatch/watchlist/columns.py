"""The columns of a watch list, and the other headings under which people write them."""

from __future__ import annotations

from infringewatch.normalise import fold_text

REQUIRED = ("kind", "name", "registration_no")
LISTS = frozenset(
    {"nice_classes", "aliases", "image_paths", "logo_paths", "authorised_sellers", "licensed_hosts", "article_nos"}
)
COLUMNS = (
    *REQUIRED,
    *("holder", "nice_classes", "aliases", "author", "work_type", "valid_from", "valid_until", "famous"),
    *("reference_price", "currency", "text_path", "image_paths", "logo_paths", "video_path", "authorised_sellers"),
    *("licensed_hosts", "mark", "article_nos", "notes"),
)

_CHINESE = {
    "kind": "类型 权利类型 种类",
    "name": "名称 商标 商标名称 作品 作品名称 书名 产品名称",
    "registration_no": "注册号 登记号 注册证号 登记证号 编号",
    "holder": "权利人 持有人 著作权人 商标权人",
    "nice_classes": "尼斯分类 尼斯类别 商品类别 国际分类",
    "aliases": "别名 又名",
    "author": "作者",
    "work_type": "作品类型 作品类别",
    "valid_from": "有效期起 生效日期 起始日期",
    "valid_until": "有效期止 失效日期 截止日期",
    "famous": "驰名 驰名商标",
    "reference_price": "参考价 参考价格 官方价 指导价",
    "currency": "币种 货币",
    "text_path": "文本 文本路径 文本文件",
    "image_paths": "图片 图片路径",
    "logo_paths": "图样 商标图样 标识 标识路径",
    "video_path": "视频 视频路径",
    "authorised_sellers": "授权卖家 授权店铺 授权商家",
    "licensed_hosts": "授权网站 许可网站 授权域名",
    "mark": "所属商标 对应商标",
    "article_nos": "货号 型号 商品编号",
    "notes": "备注 说明",
}
_BY_HEADING = {name: name for name in COLUMNS} | {
    fold_text(heading): name for name, headings in _CHINESE.items() for heading in headings.split()
}


def column_of(heading: str) -> str | None:
    """The column that a heading means, whatever its width, case, spacing and script; ``None`` for an unknown one."""
    folded = fold_text(heading).strip().strip("\ufeff*")
    return _BY_HEADING.get("_".join(folded.replace("-", " ").replace("_", " ").split()))
