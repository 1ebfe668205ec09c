"""A model server for benchmarks: Chat Completions as a stream, embeddings, a fixed latency, and
sliding minutes of requests and tokens that it enforces to the letter.

    llm_server.py PORT RPM TPM [LATENCY_MS]      GET /stats tells what came
"""
import asyncio, collections, json, sys, time

PORT, RPM, TPM = (int(text) for text in sys.argv[1:4])
LATENCY = (int(sys.argv[4]) if len(sys.argv) > 4 else 200) / 1000
window, tokens_in_window = collections.deque(), 0
stats = {"served": 0, "refused": 0, "tokens": 0, "first": None, "last": None, "most_requests": 0,
         "most_tokens": 0}


def chunk(value):
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def answer(path, body):
    """What a call uses, and what it gets."""
    if path.startswith("/v1/embeddings"):
        texts = json.loads(body)["input"]
        used = sum(len(text) // 4 + 1 for text in texts)
        vectors = [{"index": i, "embedding": [0.6, 0.8] + [0.0] * 62} for i in range(len(texts))]
        text = json.dumps({"data": vectors, "usage": {"prompt_tokens": used, "total_tokens": used}})
        return used, "application/json", text.encode()
    used = len(body) // 4
    usage = {"prompt_tokens": used, "completion_tokens": 12, "total_tokens": used + 12}
    events = [{"choices": [{"delta": {"content": word + " "}}]} for word in "People mend many things. ".split()]
    events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    events.append({"choices": [], "usage": usage})
    return used + 12, "text/event-stream", b"".join(map(chunk, events)) + b"data: [DONE]\n\n"


async def serve(reader, writer):
    global tokens_in_window
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ")[1]
            length = [int(line.split(":")[1]) for line in head.split("\r\n")
                      if line.lower().startswith("content-length")]
            body = await reader.readexactly(length[0] if length else 0)
            if path == "/stats":
                text = json.dumps(stats).encode()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(text) + text)
                await writer.drain()
                continue
            used, kind, text = answer(path, body)
            now = time.monotonic()
            while window and window[0][0] <= now - 60:
                tokens_in_window -= window.popleft()[1]
            if len(window) >= RPM or tokens_in_window + used > TPM:
                stats["refused"] += 1
                text = b'{"error":{"message":"slow down","code":"rate_limit_exceeded"}}'
                writer.write(b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\n"
                             b"content-length: %d\r\n\r\n" % len(text) + text)
                await writer.drain()
                continue
            window.append((now, used))
            tokens_in_window += used
            stats["served"] += 1
            stats["tokens"] += used
            stats["first"] = stats["first"] or now
            stats["last"] = now
            stats["most_requests"] = max(stats["most_requests"], len(window))
            stats["most_tokens"] = max(stats["most_tokens"], tokens_in_window)
            await asyncio.sleep(LATENCY)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n"
                         % (kind.encode(), len(text)) + text)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT, backlog=4096)
    async with server:
        await server.serve_forever()


asyncio.run(main())
