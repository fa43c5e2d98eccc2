"""A voice is made loud however quiet it is; hiss is left alone however long it is."""

from __future__ import annotations

import pytest

from media.ffmpeg.loudness import measure_loudness
from tests.media.films import largest, listen, make_film, pattern, speech

HISS = ["-f", "lavfi", "-i", "anoisesrc=color=white:amplitude=0.5:sample_rate=48000:duration=3"]
PICTURE = pattern("320x180", rate=5, seconds=3)
EXACT = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_f32le"]


@pytest.mark.parametrize("quieter_db", [
    60,
    *(pytest.param(db, marks=pytest.mark.thorough("test_renditions has a quiet film; 60 is worse"))
      for db in (20, 42)),
])  # fmt: skip
def test_quiet_speech_is_made_loud(quieter_db, process, tmp_path):
    film = make_film(
        tmp_path / "film.mkv",
        *[*PICTURE, *speech(seconds=3), "-af", f"volume=-{quieter_db}dB", *EXACT],
    )
    before = listen(film)[0] if quieter_db < 50 else -80
    assert before < -34
    integrated, true_peak = listen(largest(process(film)))
    assert integrated == pytest.approx(-16, abs=1)
    assert true_peak <= -1.5


@pytest.mark.parametrize(
    "quieter_db", [45, pytest.param(60, marks=pytest.mark.thorough("45 is nearer to a voice"))]
)
def test_hiss_in_which_nobody_speaks_stays_as_it_is(quieter_db, process, tmp_path):
    film = make_film(
        tmp_path / "film.mkv", *PICTURE, *HISS, "-af", f"volume=-{quieter_db}dB", *EXACT
    )
    assert measure_loudness(film, duration_ms=3000) is None
    assert listen(largest(process(film)))[0] < -50


def test_quiet_speech_in_hiss_is_a_voice(tmp_path):
    mix = "[1:a]volume=-40dB[v];[2:a]volume=-68dB[h];[v][h]amix=normalize=0:duration=first[out]"
    film = make_film(
        tmp_path / "film.mkv",
        *[*PICTURE, *speech(seconds=3), *HISS, "-filter_complex", mix],
        *["-map", "0:v", "-map", "[out]", *EXACT],
    )
    assert measure_loudness(film, duration_ms=3000) is not None
