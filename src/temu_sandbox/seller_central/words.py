"""The pages' words in both languages: English is the key, 中文 stands beside it."""

from typing import cast

from flask import session
from markupsafe import Markup, escape

LANGUAGES = ("en", "zh")

CHINESE = {
    # frame
    "Sandbox – not Temu": "沙盒环境 – 并非 Temu",
    "Temu time": "Temu 时间",
    "Skip to content": "跳到正文",
    "Site": "站点",
    "Store": "店铺",
    "Switch store": "切换店铺",
    "Semi-Consignment": "半托管",
    "Full-Consignment": "全托管",
    "Home": "首页",
    "Service Marketplace": "服务市场",
    "Authorization Management": "授权管理",
    "Orders": "订单",
    "Products": "商品",
    "Products and stock": "商品与库存",
    "Sandbox": "沙盒",
    "Main account": "主账号",
    "Sub-account": "子账号",
    "Sign out": "退出登录",
    "Back": "返回",
    "Menu": "菜单",
    "Store ID": "店铺 ID",
    "Actions": "操作",
    # sign-in
    "Sign in": "登录",
    "Choose a seller account. A sandbox needs no password.": "选择一个卖家账号。沙盒无需密码。",
    "A sub-account does not see the Service Marketplace and cannot authorize apps.": (
        "子账号看不到服务市场，无法授权应用。"
    ),
    # home
    "Authorize apps and copy their tokens.": "授权应用并复制 Token。",
    "Only the main account sees the Service Marketplace.": "只有主账号能看到服务市场。",
    "See listings and type stock figures.": "查看商品并修改库存。",
    "See orders, ship or cancel them by hand.": "查看订单，手动发货或取消。",
    "Behind the curtain: ledger, clock, orders, trouble.": "幕后：流水、时钟、订单、故障。",
    # authorizations
    "Get Authorization": "获取授权",
    "App": "应用",
    "Permissions": "权限",
    "Issued": "授权时间",
    "Expires": "到期时间",
    "State": "状态",
    "Authorized": "已授权",
    "Removed": "已取消",
    "Replaced": "已被替换",
    "Expired": "已过期",
    "View permissions": "查看权限",
    "Remove authorization": "取消授权",
    "Authorize again": "重新授权",
    "Generate a new token": "生成新 Token",
    "No app is authorized for this store on this site yet.": "此店铺在该站点尚未授权任何应用。",
    "Show replaced tokens": "显示已被替换的 Token",
    "Hide replaced tokens": "隐藏已被替换的 Token",
    "{days} days left": "剩余 {days} 天",
    "Product stock token (CN and PA)": "产品库存 Token（CN 与 PA）",
    "Order shipping token": "订单发货 Token",
    "Tokens of this page": "本页的 Token",
    # choose the app
    "Choose the app": "选择对接系统",
    "Choose": "选择",
    "App key": "App Key",
    "No app is registered for this site.": "该站点没有已注册的应用。",
    "Third-party app, token valid 90 days": "第三方应用，Token 有效期 90 天",
    "Self-developed app, token valid 365 days": "自研应用，Token 有效期 365 天",
    "Apps for products are listed in the Seller Center, apps for orders on the site they serve.": (
        "商品类应用在卖家中心显示，订单类应用在其所属站点显示。"
    ),
    "Authorized until {end}. A new authorization ends the old token at once.": (
        "已授权至 {end}。再次获取授权后，旧 Token 立即失效。"
    ),
    "Removed, but valid until {end}: “Authorize again” brings the same token back.": (
        "已取消，有效期至 {end}：“重新授权”可恢复同一个 Token。"
    ),
    # permissions form
    "Standard authorizations": "常规授权",
    "Special authorizations": "特殊授权",
    "Select All": "全选",
    "I agree that the special authorizations above are granted to {app}.": (
        "同意将上述特殊授权接口授权给 {app} 使用。"
    ),
    "Confirm": "确认",
    "Cancel": "取消",
    "The token in use ends at once when you confirm. Your system needs the new one.": (
        "确认后正在使用的 Token 立即失效，请在对接系统中填写新的 Token。"
    ),
    "Tick at least one permission before you confirm.": "请至少勾选一项权限再确认。",
    "Tick the consent line: special authorizations need it.": "请勾选同意条款：特殊授权需要同意。",
    "{n} interfaces": "{n} 个接口",
    # token
    "Authorization succeeded": "授权成功",
    "Copy": "复制",
    "Copied": "已复制",
    "Copy this token into your system now. It is shown only once.": (
        "请立即复制此 Token 到对接系统，它只显示一次。"
    ),
    "Back to Authorization Management": "返回授权管理",
    "The token is not shown again": "Token 不再显示",
    "A token is shown once, right after it was confirmed. If you lost it, generate a new one.": (
        "Token 只在确认后显示一次。如已丢失，请生成新的 Token。"
    ),
    "Authorized to": "授权给",
    # remove, permissions
    "Remove the authorization of {app}?": "取消对 {app} 的授权？",
    "Its token is refused from now on, and the app loses this store on this site.": (
        "其 Token 将立即被拒绝，该应用将无法访问此站点的本店铺。"
    ),
    "Until {end} you can authorize again and the same token works again; after that only a new "
    "token helps.": "在 {end} 之前可重新授权并继续使用同一个 Token；之后只能获取新的 Token。",
    "The authorization was removed. Its token is refused from now on.": (
        "已取消授权，其 Token 立即失效。"
    ),
    "Permission": "权限",
    "Interfaces": "接口",
    "Granted": "已授予",
    "Not granted": "未授予",
    # orders
    "All orders": "全部订单",
    "Pending": "待处理",
    "Unshipped": "待发货",
    "Shipped": "已发货",
    "Delivered": "已签收",
    "Canceled": "已取消",
    "Order": "订单",
    "Items": "商品明细",
    "Updated": "更新时间",
    "Created": "创建时间",
    "Ship by": "最晚发货",
    "Parcels": "包裹",
    "Parcel": "包裹",
    "Ship": "发货",
    "Confirm shipment": "确认发货",
    "Carrier": "物流商",
    "Tracking number": "运单号",
    "Warehouse": "仓库",
    "Cancel order": "取消订单",
    "Yes, cancel this order for good": "是的，永久取消此订单",
    "PO number": "PO 单号",
    "Search": "搜索",
    "No orders here. The Sandbox page can place some.": "暂无订单，可在“沙盒”页面生成。",
    "{total} orders": "共 {total} 单",
    "Order {po} was shipped.": "订单 {po} 已发货。",
    "Order {po} was canceled.": "订单 {po} 已取消。",
    "Tick the box first: a canceled order cannot come back.": "请先勾选：取消的订单无法恢复。",
    "Labels": "标签",
    "Quantity": "数量",
    "Shipped at": "发货时间",
    # products
    "Product": "商品",
    "Product name": "商品名称",
    "SKU": "SKU",
    "Seller code": "卖家编码",
    "Stock": "库存",
    "Virtual stock (JIT)": "虚拟库存 (JIT)",
    "Save": "保存",
    "{n} locked": "锁定 {n}",
    "not visible to you": "无权查看",
    "in a promotion": "活动中",
    "{total} products": "共 {total} 个商品",
    "No products match.": "没有符合条件的商品。",
    "Stock of SKU {sku} is {quantity} now.": "SKU {sku} 的库存已改为 {quantity}。",
    "Page {page} of {pages}": "第 {page} / {pages} 页",
    "Previous": "上一页",
    "Next": "下一页",
    # sandbox
    "What no seller could do. This page is not part of Temu.": (
        "卖家做不到的事。此页面不属于 Temu。"
    ),
    "Age a token": "让 Token 变旧",
    "Authorization": "授权",
    "Days": "天数",
    "Days older": "变旧天数",
    "Make older": "变旧",
    "Place orders": "生成订单",
    "Number of orders": "订单数量",
    "Move the clock on": "推进时钟",
    "Hours": "小时",
    "Trouble at the gateways": "网关故障",
    "Kind": "种类",
    "Gateway": "网关",
    "all": "全部",
    "API type": "接口",
    "How often": "次数",
    "until cleared": "直到清除",
    "Milliseconds": "毫秒",
    "Seconds": "秒",
    "Switch on": "启用",
    "Clear all trouble": "清除所有故障",
    "No trouble is on.": "当前没有故障。",
    "Seen": "经过",
    "Struck": "命中",
    "Effect ledger": "效果流水",
    "What really happened, newest first, whatever the caller was told.": (
        "真实发生的效果，最新在前，与调用方收到的答复无关。"
    ),
    "Nothing has happened yet.": "尚无记录。",
    "Time": "时间",
    "Effect": "效果",
    "Subject": "对象",
    "By": "来源",
    "Details": "详情",
    "No authorization to age yet.": "尚无可变旧的授权。",
    "Choose one of the listed authorizations.": "请选择列表中的授权。",
    "Choose one of the listed stores.": "请选择列表中的店铺。",
    "Choose one of the listed kinds of trouble.": "请选择列表中的故障种类。",
    "The token is {days} days older now.": "Token 已变旧 {days} 天。",
    "{made} orders were placed.": "已生成 {made} 单。",
    "Temu's clock moved on by {hours} hours.": "Temu 时钟已推进 {hours} 小时。",
    "The trouble is on.": "故障已启用。",
    "All trouble is over.": "故障已全部清除。",
    # refusals
    "Refused": "已拒绝",
    "Code {code}": "代码 {code}",
    "Sub-accounts do not see the Service Marketplace. Sign in with the main account of this "
    "seller to authorize an app.": "子账号看不到服务市场。请使用该卖家的主账号登录后授权应用。",
    "App not found on this page. Each app is registered for one site only.": (
        "本页面找不到该应用。每个应用只注册在一个站点。"
    ),
    "This store has no such authorization on this site.": "此店铺在该站点没有这项授权。",
    "This store has no such order on this site.": "此店铺在该站点没有这个订单。",
    "Orders are on the US, EU and Global sites; choose one at the top.": (
        "订单在美国、欧洲和全球站点，请在页面顶部选择。"
    ),
    "Products and stock are in the Seller Center 卖家中心; choose it at the top.": (
        "商品与库存在卖家中心，请在页面顶部选择。"
    ),
    "There is no such site; choose one at the top of the page.": "没有这个站点，请在页面顶部选择。",
    "This store does not sell on that site; choose another site or another store.": (
        "此店铺不在该站点销售，请选择其他站点或店铺。"
    ),
    "That store is not one of yours; choose from the list.": "该店铺不属于您，请从列表中选择。",
    "There is no such account; choose one from the list.": "没有这个账号，请从列表中选择。",
    "This form is out of date. Go back, reload the page and send it again.": (
        "表单已过期，请返回并刷新页面后重新提交。"
    ),
    "This form was sent from another site.": "此表单来自其他网站。",
    "{what} must be a whole number from {lowest} to {highest}.": (
        "{what}必须是 {lowest} 到 {highest} 之间的整数。"
    ),
}


def language() -> str:
    return cast(str, session.get("language", "en"))


def say(english: str, **blanks: object) -> str:
    """``english`` in the language of the visit, with its blanks filled."""
    text = CHINESE[english] if language() == "zh" else english
    return text.format(**blanks) if blanks else text


def both(english: str) -> Markup:
    """Both languages side by side, as Temu's help pages name their buttons."""
    return Markup('{} <span class="zh" lang="zh-Hans">{}</span>').format(
        english, escape(CHINESE[english])
    )
