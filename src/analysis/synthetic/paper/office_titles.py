"""Titles of courses, lessons, stories and research projects, put together from small grammars.

A title is one phrase of each slot, one after the other. Within a list the same title comes a second time only when
all combinations for its key are used up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

Slots = Sequence[Sequence[str]]

# what a course, a lesson or a project on a topic is about
FOCUS: dict[str, tuple[str, ...]] = {
    "digital": (
        "交互课件制作",
        "课堂即时反馈",
        "数字资源筛选与整合",
        "线上线下混合教学",
        "学情数据分析",
        "教学短视频录制",
        "电子白板互动",
    ),
    "interdisciplinary": (
        "跨学科主题学习",
        "项目式学习",
        "学科融合情境创设",
        "跨学科作业",
        "综合实践活动",
        "科学与劳动融合",
        "大概念统整",
    ),
    "design": (
        "大单元教学设计",
        "问题链设计",
        "课堂导入",
        "学习任务群",
        "教学评一致性",
        "情境创设",
        "板书设计",
    ),
    "assignment": (
        "分层作业",
        "弹性作业",
        "单元作业整体设计",
        "作业批改与讲评",
        "实践性作业",
        "长周期作业",
        "错题资源利用",
    ),
    "mental": (
        "考前情绪疏导",
        "青春期辅导",
        "同伴关系辅导",
        "校园欺凌预防",
        "心理危机识别",
        "团体心理活动",
        "教师情绪管理",
    ),
    "ai": (
        "智能备课",
        "提示词编写",
        "生成式工具辨析",
        "智能评课报告解读",
        "人工智能伦理",
        "智能出题与组卷",
        "个性化学习推荐",
    ),
    "class": (
        "班规共建",
        "主题班会",
        "班干部培养",
        "后进生转化",
        "班级文化建设",
        "课堂纪律管理",
        "小组合作评价",
    ),
    "evaluation": (
        "表现性评价",
        "过程性评价",
        "命题与试卷分析",
        "综合素质评价",
        "增值评价",
        "课堂观察量表",
        "学生自评互评",
    ),
    "research": (
        "课例研究",
        "小课题选题",
        "观课议课",
        "教学反思写作",
        "集体备课",
        "行动研究",
        "文献检索与综述",
    ),
    "family": (
        "家访沟通",
        "家长会组织",
        "隔代教育指导",
        "家长学校建设",
        "亲子阅读",
        "家校矛盾化解",
        "居家学习指导",
    ),
    "care": (
        "留守儿童心理陪伴",
        "留守儿童亲情连线",
        "留守儿童阅读陪伴",
        "留守儿童安全教育",
        "留守儿童家访",
        "留守儿童同伴互助",
        "留守儿童生活指导",
    ),
    "subject": (
        "新课标解读",
        "新教材使用",
        "学科核心素养",
        "整本书阅读",
        "实验教学",
        "学科前沿知识",
        "经典篇目研读",
    ),
}
COURSE_TAILS: dict[str, tuple[str, ...]] = {
    "lecture": ("专题讲座", "名家讲座", "系列讲座"),
    "reading": ("理论导读", "理论与原理", "理论研修"),
    "hands_on": ("课堂实操", "实操训练", "现场实操"),
    "workshop": ("工作坊", "案例工作坊", "参与式工作坊"),
    "lesson_study": ("课例研课", "同课异构研课", "磨课研课"),
}
AUDIENCES = ("", "小学教师", "初中教师", "乡村教师", "新教师", "骨干教师", "教研组长")
LOCAL = "local"  # stands for the topic of a course about the place
LOCAL_SUBJECTS = (
    "村史",
    "节气农事",
    "地方戏曲",
    "家乡河流",
    "传统手艺",
    "民间故事",
    "乡土植物",
    "家乡桥梁",
    "民俗节庆",
)
LOCAL_USES = ("进课堂", "资源整理", "校本教材编写", "主题活动设计", "研学路线设计")
LESSON_HEADS = (
    "三步学会",
    "一节课看懂",
    "走进",
    "我的第一次",
    "从零开始学",
    "问题诊断之",
    "避开误区之",
    "名师示范",
    "乡村课堂里的",
    "二十分钟讲清",
)
LESSON_TAILS = (
    "",
    "的方法",
    "的案例",
    "的实施步骤",
    "的工具与模板",
    "的课堂实录",
    "的得与失",
    "的关键环节",
)
STORY_TIMES = (
    "那年冬天",
    "开学第一天",
    "一个雨天",
    "毕业季",
    "月考之后",
    "运动会那天",
    "清晨六点",
    "晚自习后",
    "支教的日子",
    "放学路上",
)
STORY_THINGS = (
    "的一封信",
    "的一盏灯",
    "的一把伞",
    "的半块橡皮",
    "的一次家访",
    "的一本日记",
    "的一双布鞋",
    "的一个电话",
    "的一碗面",
    "的一张奖状",
)
STORY_TAILS: dict[str, tuple[str, ...]] = {
    "care": (
        "——我和留守的孩子",
        "——陪他等妈妈回家",
        "——山里孩子的牵挂",
        "——做孩子的“临时家长”",
        "——隔着屏幕的团圆",
    ),
    "class": (
        "——我的班级故事",
        "——最后一排的孩子",
        "——给他一个机会",
        "——班里来了新同学",
        "——慢慢来的成长",
    ),
    "family": ("——与家长同行", "——敲开那扇门", "——爷爷奶奶的课堂", "——一次和解", "——把信任带回家"),
    "mental": (
        "——听见沉默的声音",
        "——陪你走出低谷",
        "——她又笑了",
        "——心门慢慢打开",
        "——不再害怕考试",
    ),
}
PROJECT_SCOPES = (
    "",
    "乡村学校",
    "小规模学校",
    "“双减”背景下",
    "新课标背景下",
    "核心素养导向的",
    "城乡结对背景下",
)
PROJECT_TAILS = (
    "的实践研究",
    "的策略研究",
    "的行动研究",
    "的现状与对策研究",
    "的路径探索",
    "的案例研究",
    "的应用研究",
)


def course_titles(rng: Generator, rows: pd.DataFrame) -> np.ndarray:
    """Names of courses by topic and form; a local course is about something of the place. A row is a course."""

    def slots(topic: str, form: str) -> Slots:
        if topic == LOCAL:
            return (("乡土课程开发：",), LOCAL_SUBJECTS, LOCAL_USES, COURSE_TAILS[form])
        return (AUDIENCES, FOCUS[topic], COURSE_TAILS[form])

    topics = np.where(rows["is_local"], LOCAL, rows["topic"].astype(object))
    return compose(rng, rows[["form"]].assign(topic=topics)[["topic", "form"]], slots)


def lesson_titles(rng: Generator, rows: pd.DataFrame, stages: dict[str, str]) -> np.ndarray:
    """Names of the platform's lessons by topic and stage; ``stages``: code -> word. A row is a lesson."""

    def slots(topic: str, stage: str) -> Slots:
        return ((stages[stage],), LESSON_HEADS, FOCUS[topic], LESSON_TAILS)

    return compose(rng, rows[["topic", "stage"]], slots)


def story_titles(rng: Generator, rows: pd.DataFrame) -> np.ndarray:
    """Titles of the stories by topic; a row is a story."""
    return compose(
        rng, rows[["topic"]], lambda topic: (STORY_TIMES, STORY_THINGS, STORY_TAILS[topic])
    )


def project_titles(rng: Generator, rows: pd.DataFrame) -> np.ndarray:
    """Titles of research projects by subject and topic; a row is a project."""

    def slots(subject: str, topic: str) -> Slots:
        return (PROJECT_SCOPES, (f"{subject}教学中",), FOCUS[topic], PROJECT_TAILS)

    return compose(rng, rows[["subject", "topic"]], slots)


def compose(rng: Generator, keys: pd.DataFrame, slots: Callable[..., Slots]) -> np.ndarray:
    """A title for each row: a combination of the slots of its key, drawn without repeating as long as there are any."""
    titles: np.ndarray = np.full(len(keys), "", dtype=object)
    for key, at in keys.groupby([*keys], observed=True).indices.items():
        parts = slots(*(key if isinstance(key, tuple) else (key,)))
        sizes = [len(part) for part in parts]
        drawn = rng.permutation(int(np.prod(sizes)))[np.arange(len(at)) % int(np.prod(sizes))]
        for part, chosen in zip(parts, np.unravel_index(drawn, sizes), strict=True):
            titles[at] = titles[at] + np.array(part, dtype=object)[chosen]
    return titles
