"""Well-behaved: a few naps in each call."""
import polite


def answer(number):
    for nap in range(4):
        polite.nap(10 * number + nap, 1)
    polite.write({"id": number, "ok": {"access_token": "t"}})


polite.run(answer)
