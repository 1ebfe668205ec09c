"""Uses `gossamer mcp` as clients do, by the official Python client: client.py PROGRAM DIRECTORY.

The directory holds pages of http://a.test/: 0 to 9, each with the word "lamp" and its number, and
/kept, which is not for models. Prints a line a check; anything unexpected ends with a traceback.
"""

import sys

import anyio
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.shared.exceptions import MCPError

TOOLS = ["search_corpus", "read_page", "page_links", "list_hosts"]
passed = 0


def check(name, holds):
    global passed
    if not holds:
        raise AssertionError(name)
    passed += 1


async def code(call):
    try:
        await call
    except MCPError as error:
        return error.error.code
    return None


async def use(client, mode):
    expected = "2025-11-25" if mode == "legacy" else "2026-07-28"
    check("version", client.protocol_version == expected)
    if mode != "2026-07-28":
        check("identity", client.server_info.name == "gossamer")
    tools = (await client.list_tools()).tools
    check("tools", [tool.name for tool in tools] == TOOLS)
    check("schemas", all(tool.input_schema["type"] == "object" for tool in tools))

    found = await client.call_tool("search_corpus", {"query": "lamp", "limit": 3})
    check("search", not found.is_error and "http://a.test/" in found.content[0].text)
    page = await client.call_tool("read_page", {"url": "http://a.test/3"})
    check("page", "lamp number 3" in page.content[0].text)
    hosts = await client.call_tool("list_hosts", {})
    check("hosts", "a.test" in hosts.content[0].text)
    wrong = await client.call_tool("read_page", {"url": "http://nowhere.test/"})
    check("failure of a tool", wrong.is_error)
    kept = await client.call_tool("read_page", {"url": "http://a.test/kept"})
    check("kept from models", kept.is_error and "secret" not in kept.content[0].text)
    check("no such tool", await code(client.call_tool("rm", {})) == -32602)

    answers = {}

    async def one(number):
        result = await client.call_tool("read_page", {"url": f"http://a.test/{number}"})
        answers[number] = result.content[0].text

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(one, number)
    check("calls at once", all(f"lamp number {n}" in answers[n] for n in range(10)))

    names = [resource.name for resource in (await client.list_resources()).resources]
    check("resources", names == ["manifest"])
    templates = (await client.list_resource_templates()).resource_templates
    check("templates", templates[0].uri_template == "gossamer://page/{url}")
    text = (await client.read_resource("gossamer://page/http%3A%2F%2Fa.test%2F7")).contents[0].text
    check("a page as resource", text == "lamp number 7")
    missing = await code(client.read_resource("gossamer://page/none"))
    check("no such resource", missing == (-32002 if mode == "legacy" else -32602))
    check("refused resource", await code(client.read_resource("http://a.test/kept")) is not None)

    prompts = [prompt.name for prompt in (await client.list_prompts()).prompts]
    check("prompts", prompts == ["research_question", "summarize_site"])
    prompt = await client.get_prompt("research_question", {"question": "How many lamps?"})
    check("a prompt", "How many lamps?" in prompt.messages[0].content.text)

    with anyio.move_on_after(0):
        await client.call_tool("search_corpus", {"query": "lamp"})
    again = await client.call_tool("search_corpus", {"query": "lamp"})
    check("after a cancelled call", not again.is_error)
    if mode == "legacy":
        await client.send_ping()
        check("ping", True)


async def main():
    server = StdioServerParameters(command=sys.argv[1], args=["mcp", sys.argv[2], "--quiet"])
    for mode in ("auto", "legacy", "2026-07-28"):
        async with Client(stdio_client(server), mode=mode) as client:
            await use(client, mode)
    print(f"python client: {passed}/{passed}")


anyio.run(main)
