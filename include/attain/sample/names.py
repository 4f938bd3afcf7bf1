"""Words to make names of: Chinese and English side by side, `Chinese English`."""

# fmt: off
SURNAMES = (
    "王 Wang", "李 Li", "张 Zhang", "刘 Liu", "陈 Chen", "杨 Yang", "赵 Zhao", "黄 Huang", "周 Zhou", "吴 Wu",
    "徐 Xu", "孙 Sun", "胡 Hu", "朱 Zhu", "高 Gao", "林 Lin", "何 He", "郭 Guo", "马 Ma", "罗 Luo",
)
GIVEN_NAMES = (
    "伟 Wei", "芳 Fang", "娜 Na", "敏 Min", "静 Jing", "磊 Lei", "洋 Yang", "艳 Yan", "勇 Yong", "军 Jun",
    "杰 Jie", "娟 Juan", "涛 Tao", "明 Ming", "超 Chao", "秀英 Xiuying", "建国 Jianguo", "晓东 Xiaodong",
    "雨桐 Yutong", "子涵 Zihan", "欣怡 Xinyi", "浩然 Haoran", "思远 Siyuan", "佳琪 Jiaqi",
)
FIRST_NAMES_ABROAD = (
    "Anna", "Lukas", "Sofia", "Mateo", "Emma", "Noah", "Aisha", "Omar", "Priya", "Arjun", "Nurul", "Budi",
    "Claire", "Pierre", "Hannah", "Jack",
)
LAST_NAMES_ABROAD = (
    "Schmidt", "Rossi", "Garcia", "Novak", "Jensen", "Tan", "Nguyen", "Rahman", "Kowalski", "Dubois", "Silva",
    "Cohen", "Miller", "Okafor",
)
# Where the teams of each region sit.
TEAM_PLACES = (
    ("上海 Shanghai", "苏州 Suzhou", "杭州 Hangzhou", "南京 Nanjing", "宁波 Ningbo"),
    ("广州 Guangzhou", "深圳 Shenzhen", "佛山 Foshan", "厦门 Xiamen", "长沙 Changsha"),
    ("欧洲 Europe", "东南亚 Southeast Asia", "北美 North America", "中东 Middle East", "拉美 Latin America"),
)
# Customers: place, brand, trade; abroad a word, a trade and a legal form.
PLACES = (
    ("上海 Shanghai", "苏州 Suzhou", "无锡 Wuxi", "杭州 Hangzhou", "宁波 Ningbo", "南京 Nanjing"),
    ("广州 Guangzhou", "佛山 Foshan", "东莞 Dongguan", "厦门 Xiamen", "长沙 Changsha", "深圳 Shenzhen"),
)
BRANDS = (
    "远景 Yuanjing", "恒力 Hengli", "中海 Zhonghai", "华清 Huaqing", "金源 Jinyuan", "瑞丰 Ruifeng",
    "天工 Tiangong", "博世通 Boshitong", "安泰 Antai", "新科 Xinke", "鼎盛 Dingsheng", "南方 Nanfang",
    "宏图 Hongtu",
)
TRADES = (
    "化工 Chemicals", "水务 Water", "食品 Food", "能源 Energy", "制药 Pharma", "钢铁 Steel", "造纸 Paper",
    "电子 Electronics", "矿业 Mining",
)
ABROAD = (
    "Baltic", "Rhine", "Nordic", "Iberia", "Orient", "Delta", "Pacific", "Atlas", "Gulf", "Andes",
    "Lion City", "Maple",
)
LEGAL_FORMS = ("GmbH", "Ltd", "S.A.", "Pte Ltd", "Inc.", "B.V.", "FZE")
# fmt: on
