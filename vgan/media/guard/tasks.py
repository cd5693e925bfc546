"""What a child can be asked to do with a file: the function that does it, of `vgan.media.raw`."""

TASKS = {
    "facts": "vgan.media.raw.clip:facts",
    "frames": "vgan.media.raw.clip:frames",
    "samples": "vgan.media.raw.sound:samples",
    "sound_facts": "vgan.media.raw.sound:sound_facts",
    "part_of": "vgan.media.raw.listen:part_of",
    "rgba": "vgan.media.raw.rgba:read_rgba",
    "probe": "vgan.media.raw.look:probe",
    "comment": "vgan.media.raw.look:comment",
    "said": "vgan.media.raw.look:said_in",
    "inside": "vgan.media.raw.inside:look_inside",
    "font": "vgan.media.raw.font:try_font",
    "trial": "vgan.media.raw.trial:trial",
}
