# Two commands on a machine with a Swift toolchain: `make demo` and `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local
SHARED ?= ../shared
BENCH_DIR ?= /dev/shm/gossamer-bench
AREA ?= url robots sitemap charset html coding warc http
TIME ?= 60
SOURCES = Package.swift Sources Tests

# What the C doors need: headers, and pkg-config to find them.
PACKAGES = pkg-config libxml2-dev zlib1g-dev libdeflate-dev libbrotli-dev libzstd-dev libssl-dev libsqlite3-dev
MODULES = libxml-2.0 zlib libdeflate libbrotlidec libzstd libcrypto sqlite3

.PHONY: help deps build demo test python-client test-models test-address test-thread hostile-test crash-test quick bench bench-extraction fuzz public-suffixes lint format install clean

help:
	@echo "make demo     crawl the built-in demo site into output/demo, with summaries and a report"
	@echo "make test     all tests"
	@echo "make test-models  those that want model servers (LLM_BASE_URL, LLM_MODEL, EMBED_BASE_URL, EMBED_MODEL)"
	@echo "make python-client  the Python client that one of the tests uses, apart from the system's"
	@echo "make hostile-test  every hostile case of the catalogue, in a network of its own"
	@echo "make crash-test    200 kills, full disks, clocks that jump; takes a quarter of an hour"
	@echo "make test-address, test-thread  the tests under a sanitizer, built apart"
	@echo "make quick    the tests that need no network packages (fast to build)"
	@echo "make build    release binaries: .build/release/gossamer, gossamer-bench"
	@echo "make bench    the throughput and politeness runs on the synthetic web"
	@echo "make bench-extraction  scores of extraction per set and page type, rule by rule"
	@echo "make fuzz     libFuzzer on every reader of foreign bytes (AREA=url TIME=600 to change)"
	@echo "make public-suffixes  renew the public suffix list (FILE=… to take one from disk)"
	@echo "make lint     formatter and linter, nothing changed;  make format: formats in place"
	@echo "make install  one self-contained binary into $(PREFIX)/bin (PREFIX=… to change)"
	@echo "make deps     system packages (called by the others)"

deps:
	@command -v $(SWIFT) >/dev/null || { echo "error: no Swift toolchain found: install Swift 6.2 or later from swift.org" >&2; exit 1; }
	@if command -v pkg-config >/dev/null && pkg-config --exists $(MODULES); then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
	  echo "error: missing C libraries: install the development files of libxml2, zlib, libdeflate, brotli, zstd, openssl (libcrypto) and sqlite3, and pkg-config" >&2; exit 1; fi; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "installing: $(PACKAGES)"; \
	{ $$sudo apt-get install -y -q $(PACKAGES) || { $$sudo apt-get update -q && $$sudo apt-get install -y -q $(PACKAGES); }; } >/tmp/gossamer-deps.log 2>&1 \
	  || { tail -5 /tmp/gossamer-deps.log >&2; echo "error: apt-get could not install $(PACKAGES)" >&2; exit 1; }

build: deps
	$(SWIFT) build -c release --product gossamer
	$(SWIFT) build -c release --product gossamer-bench

demo: deps
	$(SWIFT) build -c release --product gossamer
	.build/release/gossamer demo -o output/demo

# One after the other: beside each other, tests that compute starve those that wait.
test: deps python-client
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --no-parallel

# What Python clients of ours the tests use; they are skipped where it cannot be had.
python-client:
	@.build-python/bin/python3 -c 'import mcp' 2>/dev/null || \
	  { python3 -m venv .build-python && .build-python/bin/pip install -q 'mcp>=2.3,<3'; } >/tmp/gossamer-python.log 2>&1 || \
	  echo "note: the Python client of MCP could not be installed; the test that uses it is skipped"

# The tests that want model servers, named by LLM_BASE_URL and LLM_MODEL, EMBED_BASE_URL and EMBED_MODEL; after `make test`.
test-models:
	$(SWIFT) test --skip-build --filter 'LocalModelTests|aRealModel'

# The tests of the program itself against the program as users have it. Told to be whole by the
# environment; alone they do a part.
hostile-test: deps
	@if [ ! -f "$${GOSSAMER_HOSTILE:-$(SHARED)/hostile}/server.py" ]; then \
	  echo "skipped: no server with hostile cases; name its folder with GOSSAMER_HOSTILE"; exit 0; fi; \
	if ! unshare -rnm true 2>/dev/null; then echo "skipped: no right to make a namespace (unshare -rnm)"; exit 0; fi; \
	$(SWIFT) build -c release --product gossamer && $(SWIFT) build --build-tests && \
	GOSSAMER_BINARY=$$PWD/.build/release/gossamer GOSSAMER_HOSTILE_CASES=all \
	  $(SWIFT) test --skip-build --filter HostileTests

crash-test: deps
	$(SWIFT) build -c release --product gossamer
	$(SWIFT) build --build-tests
	@python3 -c 'import warcio' 2>/dev/null || echo "note: without warcio (pip install warcio) no independent reader looks at the archives"
	GOSSAMER_BINARY=$$PWD/.build/release/gossamer GOSSAMER_KILLS=$${GOSSAMER_KILLS:-200} \
	  $(SWIFT) test --skip-build --no-parallel \
	  --filter 'KillTests|FullDiskTests|DiskFullTests|ClockTests|CrashTests|StopTests'

# Leaks are looked for by the address sanitizer as the tests end.
# What Foundation, XCTest and the constants of tests never free is not ours to mend.
test-address: deps
	@mkdir -p .build-address && printf 'leak:%s\n' readBytesFromFile libXCTest libFoundation \
	  surrogates Warcio >.build-address/foreign.leaks
	LSAN_OPTIONS=suppressions=$(CURDIR)/.build-address/foreign.leaks:print_suppressions=0 \
	  $(SWIFT) test --sanitize=address --scratch-path .build-address --disable-default-traits --skip GossamerEndToEndTests

# mutex.c says why it is loaded first. One test after the other: all is ten times as slow.
test-thread: deps
	$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build-thread --disable-default-traits
	clang=$$(dirname "$$(readlink -f "$$(command -v $(SWIFT))")")/clang; [ -x "$$clang" ] || clang=clang; \
	  "$$clang" -O1 -shared -fPIC -o .build-thread/mutex.so Tests/ThreadSanitizer/mutex.c
	LD_PRELOAD=$(CURDIR)/.build-thread/mutex.so $(SWIFT) test --skip-build --no-parallel \
	  --sanitize=thread --scratch-path .build-thread --disable-default-traits --skip GossamerEndToEndTests

quick: deps
	$(SWIFT) test --disable-default-traits --scratch-path .build-lean --skip GossamerEndToEndTests

bench: build
	@sh Sources/GossamerBench/Scripts/bench.sh $(SHARED)/bench $(BENCH_DIR) .build/release/gossamer

# PEERS=--peers times trafilatura and resiliparse, if installed, on the same pages.
bench-extraction: deps
	@if [ ! -f $(SHARED)/extraction/evaluate.py ]; then echo "skipped: no labelled pages; name their folder's parent with SHARED"; exit 0; fi; \
	$(SWIFT) build -c release --disable-default-traits --scratch-path .build-lean --product gossamer-bench && \
	python3 Sources/GossamerBench/Scripts/bench_extraction.py $(SHARED)/extraction .build-lean/release/gossamer-bench $(PEERS)

fuzz: deps
	GOSSAMER_FUZZ=1 $(SWIFT) build -c release --disable-default-traits --scratch-path .build-fuzz \
	  --sanitize address -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld --product gossamer-fuzz
	@sh Sources/GossamerFuzz/Scripts/fuzz.sh .build-fuzz $(SHARED)/conformance $(TIME) $(AREA)

# The list in another form, for the compiler; the diff shows what changed.
public-suffixes:
	@python3 Sources/GossamerURL/Tables/generate_public_suffixes.py $(FILE)

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

format:
	$(SWIFT) format format --in-place --recursive --parallel $(SOURCES)

install: deps
	$(SWIFT) build -c release --static-swift-stdlib -Xlinker -s --product gossamer --scratch-path .build-install
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 .build-install/release/gossamer $(DESTDIR)$(PREFIX)/bin/gossamer

clean:
	rm -rf .build .build-*
