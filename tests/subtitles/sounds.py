"""Sounds without speech, and speech with known words."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from subtitles.engines.speech import SAMPLE_RATE

Sound = NDArray[np.float64]


def write_wav(path: Path, samples: Sound) -> Path:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(SAMPLE_RATE)
        wav.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def silence(seconds: int) -> Sound:
    return np.zeros(seconds * SAMPLE_RATE)


def fan_noise(seconds: int) -> Sound:
    """Broad-band rumble with the hum of a motor."""
    count = seconds * SAMPLE_RATE
    noise = np.random.default_rng(1).standard_normal(count)
    spectrum = np.fft.rfft(noise) / np.sqrt(np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), 30))
    rumble = np.fft.irfft(spectrum, count)
    hum = np.sin(2 * np.pi * 100 * _clock(seconds))
    return 0.2 * rumble / np.abs(rumble).max() + 0.02 * hum


def music(seconds: int) -> Sound:
    """A melody over chords and a drum, 120 beats a minute, with the overtones of strings."""
    generator = np.random.default_rng(2)
    beat = SAMPLE_RATE // 2
    moments = np.arange(beat) / SAMPLE_RATE
    scale = 440 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)  # pentatonic, as in Guangdong
    beats = []
    for i in range(2 * seconds):
        played = [generator.choice(scale), scale[i // 4 % 4] / 2, scale[i // 4 % 4] / 3]
        tones = sum(
            np.sin(2 * np.pi * pitch * overtone * moments) / overtone
            for pitch in played
            for overtone in range(1, 6)
        )
        drum = generator.standard_normal(beat) * np.exp(-moments * 60) * (i % 2)
        beats.append(0.08 * tones * np.exp(-moments * 3) + 0.15 * drum)
    return np.concatenate(beats)


def applause(seconds: int) -> Sound:
    """Some forty people clapping four times a second each, swelling and fading."""
    generator = np.random.default_rng(3)
    count = seconds * SAMPLE_RATE
    sound = np.zeros(count)
    length = SAMPLE_RATE // 50
    fading = np.exp(-np.arange(length) / (SAMPLE_RATE / 300))
    for start in generator.integers(0, count - length, 160 * seconds):
        clap = generator.standard_normal(length) * fading
        sound[start : start + length] += generator.uniform(0.2, 1) * clap
    return 0.1 * sound * (0.6 + 0.4 * np.sin(2 * np.pi * _clock(seconds) / 20))


WITHOUT_SPEECH: dict[str, Callable[[int], Sound]] = {
    "silence": silence,
    "fan noise": fan_noise,
    "music": music,
    "applause": applause,
}


def _clock(seconds: int) -> Sound:
    return np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
