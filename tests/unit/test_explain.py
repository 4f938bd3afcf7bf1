"""`attain explain`: what stands behind a payout, line by line, from a small published set."""

from __future__ import annotations

import re

import duckdb
import pytest
from tests.unit.explain_rows import PERIOD, connect, earning, insert, lines, payout, settled, told

from attain.explain_reasons import reason


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return connect()


def test_the_head_line_is_the_whole_identity_without_what_is_0(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, "all", earned=100, adjustment=-5, held=50, released=7, clawed_back=2, drawn=30, recovered=4, payable=76)
    payout(con, "back", earned=10, held=-3, payable=13)
    payout(con, "guarantee", drawn=1500, payable=1500)
    payout(con, "none")
    shown = told(con)
    assert (
        "payable 76.00 EUR = earned 100.00 + adjustment (-5.00) − held 50.00 + released 7.00 − clawed back 2.00"
        " + drawn 30.00 − recovered 4.00   status"
    ) in shown
    assert "payable 13.00 EUR = earned 10.00 − held (-3.00)   status" in shown
    assert "payable 1,500.00 EUR = earned 0.00 + drawn 1,500.00   status" in shown
    assert "payable 0.00 EUR = earned 0.00   status" in shown
    assert "应付 1,500.00 EUR = 应计 0.00 + 预支 1,500.00   状态" in told(con, "zh-CN")


def test_a_draw_is_not_said_to_be_without_earnings(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, "guarantee", drawn=1500, payable=1500)
    assert lines(con)[2:] == ["drawn: 1,500.00"]


def test_what_is_held_names_its_months_and_what_it_waits_for(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned=100, adjustment=-5, held=47, payable=48)
    earning(con, "100")
    settled(con, "adjustments", "correction", "2026-01", "-5")
    settled(con, "timing", "held", "2026-01", "3", "等待回款 / waits for cash")
    settled(con, "timing", "held", "2026-02", "-50", "等待回款 / waits for cash")
    assert lines(con)[-5:] == [
        "adjustment: -5.00",
        "correction of 2026-01: -5.00",
        "held: 47.00",
        "of 2026-01: -3.00   (waits for cash)",
        "of 2026-02: 50.00   (waits for cash)",
    ]
    assert "归属 2026-02: 50.00   (等待回款)" in told(con, "zh-CN")


def taken_back(con: duckdb.DuckDBPyConnection, amount: str, rounding: str = "") -> None:
    values = {"basis_amount": "-100.04", "rate": "0.05", "tier_from": "0"}
    earning(con, amount, transaction_type="clawback", transaction_id="d9", line="1", **values)
    if rounding:
        earning(con, rounding, transaction_type="rounding", line="clawback d9", why="rounded once per deal taken back")


def test_clawbacks_stand_under_what_is_clawed_back_with_their_rounding(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned=20, clawed_back=5, payable=15)
    earning(con, "20", transaction_type="deal", transaction_id="d1", line="1", basis_amount=400, rate="0.05")
    taken_back(con, "-5.002", "0.002")
    shown = lines(con)
    earned, clawed = shown.index("earned in 2026-02: 20.00"), shown.index("clawed back: 5.00")
    assert earned < shown.index("deal d1") < clawed < shown.index("clawback d9")
    assert [line.split("  ")[0] for line in shown[clawed + 2 :]] == ["-100.04 × 0.05 = -5.002", "rounding: 0.002"]


def test_what_an_event_gives_back_is_earned(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned=5, payable=5)
    taken_back(con, "5")
    assert "clawed back:" not in told(con)
    assert lines(con)[2:4] == ["earned in 2026-02: 5.00", "clawback d9"]


def test_lines_of_a_closed_month_that_come_to_something_else_say_so(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned=20, clawed_back=4, payable=16, status="closed")
    earning(con, "23")
    taken_back(con, "-5")
    beyond = "the difference is an adjustment of a later month or lies beyond the retro window"
    assert [line for line in lines(con) if "booked" in line] == [
        f"booked 20.00 EUR; today's data give 23.00 EUR: {beyond}",
        f"booked 4.00 EUR; today's data give 5.00 EUR: {beyond}",
    ]
    assert "已入账 20.00 EUR，按现有数据为 23.00 EUR：差额已在以后月份调整，或超出追溯期" in told(con, "zh-CN")


def test_a_closed_month_that_still_computes_the_same_says_nothing_of_it(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned=20, clawed_back=5, payable=15, status="closed")
    earning(con, "20")
    taken_back(con, "-5")
    assert "booked" not in told(con)


def test_a_clawback_rounded_for_itself_is_no_difference(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned="20.01", clawed_back=5, payable="15.01", status="closed")
    earning(con, "20.008")
    taken_back(con, "-4.998")
    shown = told(con)
    assert "booked" not in shown
    assert "rounding: 0.002   (rounded once per deal taken back)" in shown
    assert "rounding: -0.002   (rounded once per deal taken back)" in shown


def test_a_clawback_of_an_earlier_month_names_it(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, clawed_back=8, payable=-8)
    settled(con, "adjustments", "clawback", "2026-01 deal d7", "-8")
    assert lines(con)[2:] == ["clawed back: 8.00", "of 2026-01 deal d7: 8.00"]


def test_a_deduction_shows_what_it_is_a_share_of_and_no_false_product(con: duckdb.DuckDBPyConnection) -> None:
    for component in ("due", "floored", "not_due"):
        payout(con, component)
    earning(con, "-3975", "due", basis_amount=39750, rate="0.1", why="grade D")
    earning(con, "-1000", "floored", basis_amount=39750, rate="0.1", why="grade D")
    earning(con, "0", "not_due", basis_amount=16217, rate="0.1", why="not due: grade B")
    shown = told(con)
    assert "-39,750.00 × 0.1 = -3,975.00   (grade D)" in shown
    assert "-39,750.00 × 0.1 = -3,975.00, limited to -1,000.00   (grade D)" in shown
    assert "0.00, otherwise 16,217.00 × 0.1 = 1,621.70   (not due: grade B)" in shown


def test_a_factor_has_the_places_that_its_product_needs(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned="150166.68", payable="150166.68")
    earning(con, "150166.675005", basis_amount=150000, rate="1.001111", why="target pay × payout at score 1.001111")
    assert "150,000.00 × 1.0011111667 = 150,166.675005   (target pay" in told(con)


def a_seller(con: duckdb.DuckDBPyConnection) -> None:
    payout(con, earned=1000, payable=1000, status="closed")
    deal = {"transaction_type": "deal", "transaction_id": "d1", "line": "1", "credited_on": "2026-02-03"}
    earning(con, "1200", **deal, basis_amount=12000, rate="0.1", tier_from="10100001")
    earning(con, "-200", transaction_type="cap", why="cut at the cap")
    payout(con, "launch", earned=300, payable=300)
    earning(con, "300", "launch", **deal, basis_amount=1, rate=300, why="deal 2, at most 3 are paid")
    insert(
        con,
        "credits",
        participant_id="P",
        plan="ae",
        component="deals",
        transaction_id="d1",
        line="1",
        credited_on="2026-02-03",
        amount=12000,
        currency="EUR",
        why="owner, split share 0.500000",
        original_amount=9600,
        original_currency="GBP",
        fx_rate="1.25",
    )
    results = {"participant_id": "P", "period": PERIOD, "line": 1, "label_zh": "签约额"}
    results |= {"label_en": "Bookings", "source_ref": "ae/1 2026-02"}
    formula = "10100001.000000 ÷ – = –; – × 0.700000"
    because = "无数据 / no data"
    insert(con, "statement_lines", section="results", formula=formula, not_payable_because=because, **results)


def test_an_english_reader_finds_nothing_chinese_and_no_raw_numbers(con: duckdb.DuckDBPyConnection) -> None:
    a_seller(con)
    shown = told(con)
    assert (
        "deal d1 · 2026-02-03 · credit 12,000.00 EUR (owner, split share 0.5) = 9,600.00 GBP × 1.25 (rate of exchange)"
        in shown
    )
    assert "12,000.00 × 0.1 = 1,200.00   (tier from 10,100,001)" in shown
    assert "cap: -200.00   (cut at the cap)" in shown
    assert "1.00 × 300 = 300.00   (deal 2, at most 3 are paid)" in shown
    assert "Bookings   10,100,001 ÷ – = –; – × 0.7" in shown
    assert "(no data)" in shown
    assert not re.search("[\u4e00-\u9fff]", shown)
    assert "tier from –" not in shown
    assert "000000" not in shown


def test_a_chinese_reader_finds_no_english_words(con: duckdb.DuckDBPyConnection) -> None:
    a_seller(con)
    shown = told(con, "zh-CN")
    assert "商机 d1 · 2026-02-03 · 计入 12,000.00 EUR (负责人，分成比例 0.5)" in shown
    assert "12,000.00 × 0.1 = 1,200.00   (档位起点 10,100,001)" in shown
    assert "封顶: -200.00   (受封顶限制)" in shown
    assert "1.00 × 300 = 300.00   (第 2 单，最多计 3 单)" in shown
    assert "签约额   10,100,001 ÷ – = –; – × 0.7" in shown
    assert "(无数据)" in shown
    assert "状态: 已结" in shown
    # Ids, currencies and the name stay.
    assert set(re.findall("[A-Za-z]{2,}", shown)) <= {"Pia", "ae", "deals", "launch", "EUR", "GBP"}


# Every reason that the models write.
@pytest.mark.parametrize(
    ("why", "chinese"),
    [
        ("owner of the deal", "商机负责人"),
        ("owner of the deal or account", "商机或客户负责人"),
        ("deal of somebody below, as of its date", "下级的商机，以商机日期为准"),
        ("named on the deal as se", "在商机中担任 se"),
        ("value of bookings in the month", "本月签约额"),
        ("taken back at the current rate", "按现行费率追回"),
        ("multiplied by grade A", "乘以系数，依据等级 A"),
        ("multiplied by score 1.100000", "乘以系数，依据评分 1.1"),
        ("multiplied by grade not known yet", "乘以系数，依据等级待定"),
        ("gate closed: collection_rate < 0.800000 (year_to_date)", "未达门槛：回款率 < 0.8（年初至今）"),
        ("gate open again", "门槛已重新达到"),
        ("score has no data: nothing is paid until it has", "评分暂无数据，有数据后再计发"),
        ("salary has no data: no share of the pool until it has", "工资暂无数据，有数据后再分配"),
        ("pool × equal 1.000000 ÷ 2.000000", "奖金池 × 均分 1 ÷ 2"),
        ("target pay × payout at row 0.500000, column 1.000000", "目标奖金 × 兑现系数，行 0.5，列 1"),
        ("target pay × payout at score 1.315084", "目标奖金 × 兑现系数，依据评分 1.315084"),
        ("a KPI of the matrix has no data: nothing is paid until it has", "矩阵的指标暂无数据，有数据后再计发"),
        ("the KPI of the contest has no data", "竞赛指标暂无数据"),
        ("not qualified at 0.000000", "未达参赛标准：0"),
        ("place 1 at 100.500000, shared by 2", "第 1 名，成绩 100.5，2 人并列"),
        ("units up to 12", "累计 12 件"),
        ("level 2 above 销01", "销01 的第 2 级上级"),
        ("takes back what 2026-04 earned", "追回 2026-04 应计的部分"),
        ("not due: collection_rate –", "未触发：回款率 –"),
        ("grade D, of what 2026-Q2 earned", "等级 D，以 2026-Q2 应计额为基数"),
        ("raised to the minimum", "补足保底"),
        ("nobody has a share of the pool", "无人参与奖金池分配"),
    ],
)
def test_every_reason_has_its_chinese(why: str, chinese: str) -> None:
    assert reason(why, True, {"bookings": "签约额", "collection_rate": "回款率"}) == chinese
