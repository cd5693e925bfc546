"""The words of the Variation group and of looks by name, in English and Chinese. See `vgan.ui.i18n`."""

VARIATION_WORDS: dict[str, tuple[str, str]] = {
    "basis": ("Six directions", "六个方向"),
    "basis_help": (
        "Built in: from the network itself (closed form, SeFa). As seen: from many pictures of it (PCA, GANSpace).",
        "内在：来自网络自身（闭式解，SeFa）。所见：来自它的许多画面（PCA，GANSpace）。",
    ),
    "basis_closed": ("Built in", "内在"),
    "basis_pca": ("As seen", "所见"),
    "layers": ("Changes", "改变"),
    "layers_help": (
        "Coarse: shapes. Middle: parts. Fine: colours and texture (a range of layers).",
        "粗：形状。中：局部。细：色彩与质地（网络层的范围）。",
    ),
    "layers_all": ("Everything", "全部"),
    "layers_coarse": ("Coarse", "粗"),
    "layers_middle": ("Middle", "中"),
    "layers_fine": ("Fine", "细"),
    "mix_seed": ("Second seed", "第二种子"),
    "mix_seed_help": (
        "Another picture lends its finer features (style mixing). Empty: none.",
        "另一幅画面借出较细的特征（风格混合）。空：无。",
    ),
    "mix_from": ("It lends", "借出"),
    "mix_from_help": ("From which layer on the second seed draws.", "第二种子从哪一层开始绘制。"),
    "mix_from_middle": ("Parts and texture", "局部与质地"),
    "mix_from_fine": ("Texture", "质地"),
    "edits": ("Saved edits", "已保存的编辑"),
    "edits_help": (
        "A setting of these sliders, for any seed. Choose one to apply it.",
        "这些滑块的一组设置，适用于任何种子。选择即可应用。",
    ),
    "edit_name": ("Name of this edit", "此编辑的名称"),
    "edit_save": ("Save", "保存"),
    "edit_file": ("Download", "下载"),
    "edit_drop": ("Drop a saved edit (.json)", "拖入已保存的编辑（.json）"),
    "known_looks": ("Public generators", "公开的生成器"),
    "known_looks_help": (
        "Fetched from the Hub when first chosen. Mind the licence of their weights.",
        "首次选择时从 Hub 下载。请注意其权重的许可。",
    ),
    "checkpoint_drop": (
        "Drop a StyleGAN2 or FastGAN checkpoint",
        "拖入 StyleGAN2 或 FastGAN 检查点",
    ),
}
