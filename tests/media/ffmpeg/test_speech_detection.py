"""Which sound of a film is taken: the one in which somebody speaks, whatever the tags say."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from media.ffmpeg.extraction import extract_speech
from media.ffmpeg.ladder import plan_renditions
from media.ffmpeg.loudness import measure_loudness
from media.ffmpeg.probe import probe
from media.ffmpeg.renditions import make_renditions
from media.ffmpeg.speech_detection import SoundAnalysis, best_sound, examine, listen
from media.ffmpeg.tracks import SoundTrack
from media.narration.narrators.waves import read_samples
from tests.media.films import X264, largest, make_film, pattern, speech, tone

PICTURE = pattern("320x180", rate=10, seconds=2)
SILENCE = tone(seconds=2, source="anullsrc=cl=mono:r=48000")
SPEECH = speech(seconds=2)
AAC = ["-c:a", "aac", *X264]


def sound(track: int, language: str = "", **more: object) -> SoundTrack:
    facts = {"title": "", "is_default": track == 0, "is_beside": False, "channels": 2}
    return SoundTrack(track=track, language=language, **{**facts, **more})  # type: ignore[arg-type]


def voice(*levels_db: float | None) -> dict[int, SoundAnalysis]:
    return {
        track: SoundAnalysis(level, out_of_phase=False) for track, level in enumerate(levels_db)
    }


@pytest.mark.parametrize(
    ("sounds", "heard", "best"),
    [
        ([sound(0), sound(1)], voice(None, -20), 1),
        ([sound(0, "eng"), sound(1, "chi")], voice(-10, -20), 1),
        ([sound(0, "chi"), sound(1, "eng")], voice(None, -20), 1),
        ([sound(0), sound(1)], voice(-50, -20), 1),
        ([sound(0), sound(1)], voice(-23, -20), 0),
        ([sound(0, is_beside=True), sound(1)], voice(-20, -20), 1),
        ([sound(0, "eng"), sound(1)], voice(-20, -20), 1),
        ([sound(0), sound(1, "yue"), sound(2, "cmn")], voice(-20, -20, -20), 2),
        ([sound(0, is_default=False), sound(1, is_default=True)], voice(None, None), 1),
    ],
    ids=[
        "silent first", "language", "voice before language", "loudest", "as loud: default",
        "commentary", "untold before another language", "the language asked for", "nobody speaks",
    ],
)  # fmt: skip
def test_the_sound_with_the_spoken_language_is_the_best(sounds, heard, best):
    assert best_sound(sounds, heard, language="zh") == best


def film_of(path: Path, *sounds: list[str], more: list[str] | None = None) -> Path:
    maps = [f for number in range(1, len(sounds) + 1) for f in ("-map", f"{number}:a")]
    inputs = [argument for one in sounds for argument in one]
    return make_film(path, *PICTURE, *inputs, "-map", "0:v", *maps, *AAC, *(more or []))


def test_a_silent_first_track_is_passed_over(process, tmp_path):
    """A camera with two sockets, and the microphone in the second."""
    video = process(film_of(tmp_path / "two.mov", SILENCE, SPEECH))
    assert video.best_sound == 1
    assert [one["speaks"] for one in video.sounds] == [False, True]
    assert measure_loudness(largest(video), duration_ms=2000) is not None


def test_what_a_program_calls_english_by_default_yields_to_the_chinese_voice(tmp_path):
    tags = ["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=chi"]
    film = film_of(tmp_path / "tags.mov", tone(seconds=2), SPEECH, SILENCE, more=tags)
    seen = examine(film, language="zh")
    assert (seen.audio_track, [one.language for one in seen.sounds]) == (1, ["eng", "chi", ""])


def test_a_track_that_is_tagged_right_and_silent_yields_to_the_voice(tmp_path):
    tags = ["-metadata:s:a:0", "language=chi", "-metadata:s:a:1", "language=eng"]
    film = film_of(tmp_path / "wrong.mkv", SILENCE, SPEECH, more=tags)
    assert examine(film, language="zh").audio_track == 1


def test_of_two_microphones_the_nearer_is_taken(tmp_path):
    far = ["-filter:a:0", "volume=-25dB"]
    film = film_of(tmp_path / "far.mkv", SPEECH, SPEECH, more=far)
    assert examine(film, language="zh").audio_track == 1


def test_music_is_no_voice(tmp_path):
    chord = "aevalsrc='0.2*sin(2*PI*262*t)+0.2*sin(2*PI*330*t)+0.2*sin(2*PI*392*t)':s=48000:d=2"
    film = film_of(tmp_path / "music.mkv", ["-f", "lavfi", "-i", chord], SPEECH)
    assert [one.speaks for one in examine(film, language="zh").sounds] == [False, True]


def test_a_voice_after_a_long_silence_is_found(tmp_path):
    """Behind the end of the last sample: twenty seconds of speech in four minutes of film."""
    late = "[0:a]adelay=195000[a];[1:a]atrim=0:240[b];[b][a]amix=inputs=2:duration=first"
    film = make_film(
        tmp_path / "late.mka",
        *[*speech(seconds=2), *tone(seconds=240, source="anullsrc=r=16000:cl=mono")],
        *["-filter_complex", late, "-c:a", "flac"],
    )
    seen = probe(film)
    assert listen(film, seen)[0].voice_db is not None


def test_a_sound_that_ends_before_the_film_is_listened_to_as_far_as_it_goes(tmp_path):
    film = make_film(tmp_path / "early.mkv", *pattern("64x64", rate=1, seconds=90), *SPEECH, *AAC)
    assert examine(film, language="zh").sounds[0].speaks


def test_a_broken_sound_takes_no_other_with_it(tmp_path):
    film = film_of(tmp_path / "broken.mp4", tone(seconds=2), SPEECH)
    with av.open(str(film)) as opened:
        packets = [(packet.pos, packet.size) for packet in opened.demux(audio=0) if packet.size]
    content = bytearray(film.read_bytes())
    for at, size in packets:
        content[at : at + size] = b"\xff" * size
    film.write_bytes(content)
    seen = examine(film, language="zh")
    assert (seen.audio_track, [one.speaks for one in seen.sounds]) == (1, [False, True])


# Two ears


def stereo(path: Path, pan: str, *more: str) -> Path:
    return make_film(path, *PICTURE, *SPEECH, *more, "-af", f"pan=stereo|{pan}", *AAC)


def loudness_in_mono(film: Path, track: int = 0) -> float:
    """In dB below full scale, from a device with one loudspeaker."""
    wav = film.with_suffix(".mono.wav")
    make_film(wav, "-i", str(film), "-map", f"0:a:{track}", "-ac", "1", "-ar", "16000")
    samples = read_samples(wav).astype(float) / 32768
    return float(10 * np.log10((samples**2).mean() + 1e-12))


def test_ears_that_cancel_each_other_are_heard_from_one_loudspeaker(tmp_path):
    film = stereo(tmp_path / "against.mp4", "c0=c0|c1=-1*c0")
    assert loudness_in_mono(film) < -60
    seen = examine(film, language="zh")
    assert seen.out_of_phase
    assert seen.sounds[0].speaks
    made = make_renditions(
        film,
        plan_renditions(seen),
        probe=seen,
        loudness=measure_loudness(film, duration_ms=2000),
        folder=tmp_path,
    )
    assert loudness_in_mono(made[0]) > -25
    wav = tmp_path / "speech.wav"
    extract_speech(film, wav, duration_ms=2000, out_of_phase=True)
    assert np.abs(read_samples(wav)).max() > 3000


def test_a_hum_that_is_alike_in_both_ears_hides_nothing(tmp_path):
    """A microphone for a mixing desk, in a telephone's socket: voice against, hum alike."""
    hum = "[1:a]pan=stereo|c0=c0|c1=-1*c0[v];[2:a]pan=stereo|c0=c0|c1=c0[h];[v][h]amix=normalize=0"
    film = make_film(
        tmp_path / "hum.mkv",
        *[*PICTURE, *SPEECH, *tone(seconds=2, source="sine=frequency=50:sample_rate=44100")],
        *["-filter_complex", f"{hum}[out]", "-map", "0:v", "-map", "[out]", *AAC],
    )
    assert examine(film, language="zh").out_of_phase


@pytest.mark.parametrize(
    "pan",
    ["c0=c0|c1=0*c0", "c0=0*c0|c1=c0", "c0=c0|c1=c0", "c0=c0|c1=0.2*c0", "c0=c0|c1=-0.2*c0"],
    ids=["left only", "right only", "both", "mostly left", "leak turned over"],
)
def test_ears_that_do_not_cancel_each_other_are_left_alone(pan, tmp_path):
    assert not examine(stereo(tmp_path / "film.mp4", pan), language="zh").out_of_phase
