"""Search that forgives: what is typed and what is stored are folded the same way, both by the database.

Folding makes one letter of full and half width, of capital and small letters, of katakana and hiragana, and of old
and new forms of a character, and takes out spaces and marks between words. Respelling then makes one word of those
that people spell in several ways. What is stored keeps both, so that one character of a spelling is still found.
"""

import re
import unicodedata
from typing import TypeVar

from django.db.models import Case, Exists, Expression, F, Func, Model, OrderBy, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.db.models.lookups import GreaterThanOrEqual

Row = TypeVar("Row", bound=Model)

HIRAGANA = "".join(map(chr, range(ord("ぁ"), ord("ゖ") + 1)))
KATAKANA = "".join(map(chr, range(ord("ァ"), ord("ヶ") + 1)))
# Old forms, each before the one in use. First those that the list of characters in common use (常用漢字表, 2010) gives
# in brackets; then those of the tables of characters for names (人名用漢字別表); then others that people write in names
# of persons, places and groups, which no list gives. Compatibility forms of Unicode, NFKC has made one already.
FORMS = """
亞亜 惡悪 壓圧 圍囲 爲為 醫医 壹壱 稻稲 隱隠 營営 榮栄 衞衛 驛駅 圓円 緣縁 艷艶 鹽塩 奧奥 應応 橫横 歐欧 毆殴 黃黄 溫温
穩穏 假仮 價価 畫画 會会 壞壊 懷懐 繪絵 槪概 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 渴渇 勸勧 卷巻 寬寛 歡歓 罐缶 觀観 關関 陷陥
歸帰 氣気 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟 狹狭 鄕郷 曉暁 區区 驅駆 勳勲 薰薫 徑径 惠恵 揭掲 溪渓 經経
繼継 莖茎 螢蛍 輕軽 鷄鶏 藝芸 擊撃 缺欠 儉倹 劍剣 圈圏 檢検 權権 獻献 硏研 縣県 險険 顯顕 驗験 嚴厳 效効 廣広 恆恒 鑛鉱
號号 國国 黑黒 濟済 碎砕 劑剤 櫻桜 雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 寫写 釋釈 壽寿 收収
從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 奬奨 將将 涉渉 燒焼 稱称 證証 乘乗 剩剰 壤壌 孃嬢 條条 淨浄 狀状 疊畳 讓譲 釀醸
囑嘱 觸触 寢寝 愼慎 眞真 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 瀨瀬 聲声 靜静 齊斉 攝摂 竊窃 專専 戰戦 淺浅 潛潜 纖繊
踐践 錢銭 禪禅 曾曽 雙双 壯壮 搜捜 插挿 巢巣 爭争 瘦痩 總総 莊荘 裝装 騷騒 增増 臟臓 藏蔵 卽即 屬属 續続 墮堕 體体 對対
帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁 徵徴 聽聴 敕勅 鎭鎮 遞逓 鐵鉄
轉転 點点 傳伝 黨党 盜盗 燈灯 當当 鬭闘 德徳 獨独 讀読 屆届 繩縄 貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 發発 髮髪 拔抜
晚晩 蠻蛮 祕秘 濱浜 甁瓶 拂払 佛仏 倂併 竝並 變変 邊辺 辨弁 瓣弁 辯弁 步歩 穗穂 寶宝 襃褒 豐豊 飜翻 每毎 萬万 滿満 麵麺
默黙 餠餅 戾戻 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟 綠緑 壘塁 淚涙 勵励
禮礼 靈霊 齡齢 曆暦 歷歴 戀恋 鍊錬 爐炉 勞労 樓楼 郞郎 錄録 灣湾

冨富 凉涼 埜野 峯峰 嶋島 盃杯 薗園 駈駆 亙亘 凛凜 堯尭 巖巌 晄晃 檜桧 槇槙 禰祢 禱祷 祿禄 穰穣 萠萌 遙遥

飮飲 悅悦 閱閲 顏顔 敎教 强強 攜携 册冊 產産 舍舎 獎奨 晉晋 聰聡 隸隷 髙高 﨑崎 嵜崎 濵浜 邉辺 齋斉 斎斉 嶌島 𠮷吉 桒桑
栁柳 舘館 邨村 渕淵 曻昇 鷗鴎 礒磯 靍鶴 濤涛 壷壺 籠篭 囘回 逹達 𠮟叱 塡填 剝剥 頰頬
"""
# 霧ヶ丘 is also written 霧ケ丘. First in the lists: of a character that stands twice in one, the first counts.
SMALL_KE, LARGE_KE = "ヶゖ", "けけ"
OLD_FORMS = "".join(pair[0] for pair in FORMS.split())
NEW_FORMS = "".join(pair[1] for pair in FORMS.split())
DROPPED = " ・〜~-‐–—−()「」『』、。"
# Folded words that are spelled in several ways, each before the one that stands for all of them.
SPELLINGS = (
    ("子供", "こども"),
    ("子ども", "こども"),
    ("障害", "障がい"),
    ("障碍", "障がい"),
    ("友達", "友だち"),
    ("手作り", "手づくり"),
    ("町作り", "まちづくり"),
    ("町づくり", "まちづくり"),
    ("街づくり", "まちづくり"),
    ("街作り", "まちづくり"),
    ("まち作り", "まちづくり"),
    ("里作り", "里づくり"),
    ("祭り", "まつり"),
    ("お年寄り", "高齢者"),
    ("老人", "高齢者"),
    ("子育て", "こそだて"),
    ("手伝い", "てつだい"),
    ("片付け", "片づけ"),
    ("花作り", "花づくり"),
    ("ゔぁ", "ば"),
    ("ゔぃ", "び"),
    ("ゔぇ", "べ"),
    ("ゔぉ", "ぼ"),
    ("ゔ", "ぶ"),
)
BETWEEN_FIELDS = Value("\n")


def _respelled(words: str) -> str:
    """The SQL that respells an expression: by word; 霧が丘 as 霧ヶ丘; コンピューター as コンピュータ."""
    for spelling, one in SPELLINGS:
        words = f"replace({words}, '{spelling}', '{one}')"
    between_characters = f"regexp_replace({words}, '([一-鿿])が(?=[一-鿿])', '\\1け', 'g')"
    return f"regexp_replace({between_characters}, '([ぁ-ゖー]{{2,}}[ぁ-ゖ])ー(?![ぁ-ゖー])', '\\1', 'g')"


# Immutable, so that generated columns can hold what they return. A change needs those columns written anew.
# `translate` looks through its whole list for each character, so the long one is for texts that need it.
CREATE_FOLD = f"""
CREATE OR REPLACE FUNCTION fold_characters(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN plain ~ '[{OLD_FORMS}]'
        THEN translate(plain, '{SMALL_KE}{KATAKANA}{OLD_FORMS}{DROPPED}', '{LARGE_KE}{HIRAGANA}{NEW_FORMS}')
        ELSE translate(plain, '{SMALL_KE}{KATAKANA}{DROPPED}', '{LARGE_KE}{HIRAGANA}') END
    FROM (SELECT lower(normalize(words, NFKC)) AS plain OFFSET 0) AS reckoned_once
$$;
CREATE OR REPLACE FUNCTION respell(folded text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT {_respelled("folded")}
$$;
CREATE OR REPLACE FUNCTION fold_for_search(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT folded || E'\\n' || respell(folded)
    FROM (SELECT fold_characters(words) AS folded OFFSET 0) AS reckoned_once
$$;
CREATE OR REPLACE FUNCTION words_of_list(list text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_to_string(list, E'\\n')
$$;
"""  # noqa: S608  made of the constants above
DROP_FOLD = """
DROP FUNCTION fold_for_search(text);
DROP FUNCTION respell(text);
DROP FUNCTION fold_characters(text);
DROP FUNCTION words_of_list(text[]);
"""


def search_text(*parts: str | Expression) -> Func:
    """Return the expression of a generated column `search_text` over the given fields of a model."""
    first, *others = parts
    words = [part for other in others for part in (BETWEEN_FIELDS, other)]
    return Func(Concat(first, *words, output_field=TextField()) if words else first, function="fold_for_search")


def list_of_words(field: str) -> Func:
    """Return the words of an array field, as a part of `search_text`."""
    return Func(F(field), function="words_of_list", output_field=TextField())


# What carries meaning in Japanese. Hiragana are mostly endings and particles.
_CHARACTERS = re.compile("[々㐀-鿿\U00020000-\U0003ffff]{2,}")
_KATAKANA_AND_LATIN = re.compile("[ァ-ヶー]{2,}|[A-Za-z0-9]{2,}")
MOST_TERMS = 30


def terms(words: str) -> list[str]:
    """Return what of a text may be looked for elsewhere: katakana and Latin words, and characters two by two.

    Japanese has no spaces; two neighbouring characters are mostly one word or a part of one (会計 of 会計報告).
    """
    text = unicodedata.normalize("NFKC", words)
    pairs = (run[at : at + 2] for run in _CHARACTERS.findall(text) for at in range(len(run) - 1))
    return list(dict.fromkeys([*_KATAKANA_AND_LATIN.findall(text), *pairs]))[:MOST_TERMS]


def resembling(queryset: QuerySet[Row], words: str) -> QuerySet[Row]:
    """Return the rows whose `search_text` has at least two terms of a text, those with most of them first.

    A text of one term is content with it; none resemble a text without.
    """
    wanted = terms(words)
    if not wanted:
        return queryset.none()
    in_common = sum((Case(When(_held(term), then=1), default=0) for term in wanted), start=Value(0))
    enough = GreaterThanOrEqual(in_common, min(2, len(wanted)))
    return queryset.filter(enough).order_by(OrderBy(in_common, descending=True), "-pk")


def matching(queryset: QuerySet[Row], query: str, *beside: QuerySet) -> QuerySet[Row]:
    """Return the rows whose `search_text` holds every word of the query; all rows for an empty one.

    A word may also stand in the `search_text` of a row of `beside`: what belongs to a row, told by an `OuterRef`.
    """
    words = Q()
    for word in query.split():
        held = _held(word)
        found = held
        for others in beside:
            found |= Q(Exists(others.filter(held)))
        words &= found
    return queryset.filter(words)


def _held(word: str) -> Q:
    """The condition that `search_text` holds a word as it was typed, or in its one spelling."""
    folded = Func(Value(word), function="fold_characters", output_field=TextField())
    respelled = Func(folded, function="respell", output_field=TextField())
    return Q(search_text__contains=folded) | Q(search_text__contains=respelled)
