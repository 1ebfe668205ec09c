"""The work of `gossamer-bench llm` as it is written by hand today: asyncio, a semaphore, one call a
page, and a wait that doubles after 429. Standard library only.

    llm_asyncio.py PORT PAGES [CONCURRENCY]
"""
import asyncio, json, random, resource, sys, time

PORT, PAGES = int(sys.argv[1]), int(sys.argv[2])
CONCURRENCY = int(sys.argv[3]) if len(sys.argv) > 3 else 64
connections, requests, refused = [], 0, 0


def page(number):
    return " ".join(f"Sentence {i} of page {number} tells how people mend things." for i in range(22))


async def post(path, value):
    """One call over a connection that is kept; tried again after 429."""
    global requests, refused
    body, wait = json.dumps(value).encode(), 0.5
    while True:
        reader, writer = connections.pop() if connections else await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                     f"content-length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = [int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length")]
        text = await reader.readexactly(length[0])
        connections.append((reader, writer))
        requests += 1
        if head.split(" ")[1] != "429":
            return text
        refused += 1
        await asyncio.sleep(wait * (0.5 + random.random()))
        wait = min(wait * 2, 30)


def summary(stream):
    words = []
    for line in stream.decode().split("\n"):
        if line.startswith("data: ") and line != "data: [DONE]":
            for choice in json.loads(line[6:])["choices"]:
                words.append(choice["delta"].get("content", ""))
    return " ".join(words)


async def work(number, semaphore):
    async with semaphore:
        text = page(number)
        summary(await post("/v1/chat/completions", {
            "model": "bench", "stream": True, "max_tokens": 332, "messages": [
                {"role": "system", "content": "Write one paragraph of at most 3 sentences. " * 10},
                {"role": "user", "content": text}]}))
        json.loads(await post("/v1/embeddings", {"model": "bench", "input": [text]}))


async def main():
    semaphore, start = asyncio.Semaphore(CONCURRENCY), time.monotonic()
    await asyncio.gather(*(work(number, semaphore) for number in range(PAGES)))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = usage.ru_utime + usage.ru_stime
    print(f"asyncio: {PAGES} pages in {time.monotonic() - start:.1f} s, {requests} requests of which "
          f"{refused} were turned away, {cpu * 1e6 / requests:.0f} us CPU a request, "
          f"peak {usage.ru_maxrss // 1024} MB")


asyncio.run(main())
