"""Attack on the captcha (docs/decisions/0015-captcha.md): trains a small network on the first TRAIN pictures of a folder made by
the example captcha_pictures, and prints the share of the other captchas whose letters are all right.

    python captcha_attack.py FOLDER MINUTES [TRAIN]

MINUTES are of processor time. The environment may set THREADS, and WALL, the minutes of the clock after which it ends anyway.

Needs numpy, pillow and tensorflow-cpu. No part of the build or of the tests.
"""
import sys, os, time, glob
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import numpy as np
from PIL import Image
import tensorflow as tf
if os.environ.get("THREADS"):
    tf.config.threading.set_intra_op_parallelism_threads(int(os.environ["THREADS"]))
    tf.config.threading.set_inter_op_parallelism_threads(1)
from tensorflow.keras import layers as L
folder, minutes = sys.argv[1], float(sys.argv[2])
train = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
A = "ACDEFHKLMNPRTUWXY"
files = sorted(glob.glob(folder + "/*.png"))
X = np.zeros((len(files), 72, 240, 1), np.float32); Y = np.zeros((len(files), 5), np.int32)
for i, f in enumerate(files):
    X[i, :, :, 0] = np.asarray(Image.open(f).convert("L").resize((240, 72), Image.BILINEAR), np.float32) / 255 - .5
    Y[i] = [A.index(c) for c in os.path.basename(f)[6:11]]
tx, ty, vx, vy = X[:train], Y[:train], X[train:], Y[train:]
def conv(x, n, s=1):
    return L.ReLU()(L.BatchNormalization(momentum=.9)(L.Conv2D(n, 3, strides=s, padding="same", use_bias=False)(x)))
i = L.Input((72, 240, 1))
x = conv(i, 16, 2); x = conv(x, 24); x = L.MaxPool2D()(x)
x = conv(x, 48); x = conv(x, 48); x = L.MaxPool2D()(x)
x = conv(x, 96); x = conv(x, 96); x = L.MaxPool2D((2, 1))(x)
x = conv(x, 128)                      # 4 x 30 x 128
x = L.Permute((2, 1, 3))(x); x = L.Reshape((30, -1))(x)
x = L.Dropout(.3)(x); x = L.Conv1D(96, 1, activation="relu")(x)
x = L.Conv1D(96, 5, padding="same", activation="relu")(x)   # columns see their neighbours
x = L.Flatten()(x); x = L.Dropout(.3)(x)
x = L.Dense(5 * len(A), kernel_regularizer=tf.keras.regularizers.l2(1e-5))(x)
m = tf.keras.Model(i, L.Reshape((5, len(A)))(x))
print("weights", m.count_params(), "train", len(tx), "test", len(vx), flush=True)
wall = float(os.environ.get("WALL", "inf"))
steps_epoch = len(tx) // 50
opt = tf.keras.optimizers.Adam(2e-3)
m.compile(opt, tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
rng = np.random.default_rng(1)
def batches(): # small shifts, as any attacker would
    while True:
        order = rng.permutation(len(tx))
        for k in range(0, len(order) - 49, 50):
            b = tx[order[k:k+50]].copy(); dx, dy = rng.integers(-8, 9), rng.integers(-5, 6)
            yield np.roll(b, (dy, dx), (1, 2)), ty[order[k:k+50]]
begin, processor, n = time.time(), time.process_time(), 0
def share(): # of the time that there is
    return max((time.process_time() - processor) / 60 / minutes, (time.time() - begin) / 60 / wall)
gen = batches()
while share() < 1:
    used = share()
    opt.learning_rate.assign(2e-3 * min(1, max(.02, 1.05 - used)))
    loss = 0
    for k in range(steps_epoch):
        loss = m.train_on_batch(*next(gen))
        if share() >= 1: break
    n += 1
    if n % 2 == 0 or share() >= 1:
        p = np.concatenate([m(vx[k:k+100], training=False).numpy() for k in range(0, len(vx), 100)]).argmax(-1)
        print(f"{(time.time()-begin)/60:.1f} min ({(time.process_time()-processor)/60:.1f} of processor) epoch {n} loss {loss:.3f} letters {(p==vy).mean():.3f} whole {(p==vy).all(1).mean():.4f}", flush=True)
