"""Makes backend/data/sounds/letters.bin, the spoken letters of the captcha (docs/decisions/0015-captcha.md).

    apt-get install espeak-ng && python3 xtask/clips/make.py

Needs Python 3 alone, and the program espeak-ng with its voice es-419. No part of the build or of the tests: the clips are
committed, and made anew only when a word changes.

For each clip: its letter (1 byte), its voice (1 byte, from 0), the number of samples (2 bytes, the highest first), then the
samples, two in a byte: IMA ADPCM at 8,000 samples a second, which begins with predictor 0 and index 0, low half first.
"""

import array, math, os, subprocess, tempfile, wave

RATE = 8000
WORDS = {
    "A": "a, de Ana", "B": "be, de Beatriz", "C": "ce, de Carmen", "D": "de, de Daniel", "E": "e, de Elena",
    "F": "efe, de Felipe", "G": "ge, de gato", "H": "hache, de Hugo", "I": "i, de Isabel", "J": "jota, de Juan",
    "K": "ka, de kilo", "L": "ele, de Luis", "M": "eme, de María", "N": "ene, de Norma", "O": "o, de Óscar",
    "P": "pe, de Pedro", "Q": "cu, de queso", "R": "erre, de Rosa", "S": "ese, de Sofía", "T": "te, de Tomás",
    "U": "u, de uva", "V": "uve, de Valentina", "W": "doble ve, de Walter", "X": "equis, de taxi",
    "Y": "i griega, de Yolanda", "Z": "zeta, de zapato",
    "0": "número cero", "1": "número uno", "2": "número dos", "3": "número tres", "4": "número cuatro",
    "5": "número cinco", "6": "número seis", "7": "número siete", "8": "número ocho", "9": "número nueve",
}
# The voices of espeak-ng, with speed and pitch; the second one speaks only what random captchas have.
VOICES = [("es-419", 165, 45, "".join(WORDS)), ("es-419+f2", 172, 55, "ACDEFHKLMNPRTUWXY")]

STEPS = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130,
    143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282,
    1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630,
    9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
]
TURNS = [-1, -1, -1, -1, 2, 4, 6, 8]


def speak(words, voice, speed, pitch):
    """The samples of these words as espeak-ng writes them, and their rate."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "clip.wav")
        subprocess.run(
            ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-w", path, words], check=True
        )
        with wave.open(path) as clip:
            samples = array.array("h")
            samples.frombytes(clip.readframes(clip.getnframes()))
            return samples, clip.getframerate()


def resample(samples, rate):
    """To RATE, by a windowed sinc that cuts off what RATE cannot carry."""
    ratio, reach, out = rate / RATE, 24, []
    cut = 0.94 / ratio
    for n in range(int(len(samples) / ratio)):
        middle, total = n * ratio, 0.0
        for k in range(max(0, int(middle) - reach), min(len(samples), int(middle) + reach + 1)):
            x = k - middle
            sinc = cut if x == 0 else math.sin(math.pi * x * cut) / (math.pi * x)
            total += samples[k] * sinc * (0.5 + 0.5 * math.cos(math.pi * x / (reach + 1)))
        out.append(total)
    return out


def trim(samples):
    """Without silence at both ends, as loud as every other clip."""
    loud = max(abs(s) for s in samples)
    heard = [n for n, s in enumerate(samples) if abs(s) > 0.02 * loud]
    samples = samples[max(0, heard[0] - 80) : heard[-1] + 160]
    power = math.sqrt(sum(s * s for s in samples) / len(samples))
    gain = min(5000 / power, 30000 / loud)
    return [int(s * gain) for s in samples]


def adpcm(samples):
    predicted, index, halves = 0, 0, []
    for sample in samples:
        step, difference = STEPS[index], sample - predicted
        code = 8 if difference < 0 else 0
        difference, change = abs(difference), step >> 3
        for bit, part in ((4, step), (2, step >> 1), (1, step >> 2)):
            if difference >= part:
                code, difference, change = code | bit, difference - part, change + part
        predicted = max(-32768, min(32767, predicted - change if code & 8 else predicted + change))
        index = max(0, min(len(STEPS) - 1, index + TURNS[code & 7]))
        halves.append(code)
    if len(halves) % 2:
        halves.append(0)
    return bytes(low | high << 4 for low, high in zip(halves[::2], halves[1::2]))


def main():
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    out = bytearray()
    for number, (voice, speed, pitch, letters) in enumerate(VOICES):
        for letter in letters:
            samples = trim(resample(*speak(WORDS[letter], voice, speed, pitch)))
            out += bytes([ord(letter), number]) + len(samples).to_bytes(2, "big") + adpcm(samples)
    with open(os.path.join(root, "backend", "data", "sounds", "letters.bin"), "wb") as file:
        file.write(out)
    print(len(out), "bytes")


if __name__ == "__main__":
    main()
