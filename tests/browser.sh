# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Pages in a browser, for the tests of ixs-report: `look` takes a picture, `ask` has the page look at
# itself. $browser is empty where there is none.
browser=$(command -v chromium || command -v chromium-browser || true)

run_browser() { # run_browser NAME OPTION... ADDRESS
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage \
        --user-data-dir="$work/profile-$1" "${@:2}"
}

look() { # look NAME WIDTH PAGE OPTION...: its screenshot and its document
    run_browser "$1" --enable-logging=stderr --window-size="$2,1400" "${@:4}" \
        --screenshot="$work/$1.png" "file://$work/$3" 2>"$1.log" >/dev/null
    [ -s "$1.png" ] && ! grep -E 'CONSOLE' "$1.log"
}

# In a frame as wide as a phone or a screen, everything unfolded: does the page scroll sideways, is a
# number of a picture cut off or upon another one, has a path no place?
ask() { # ask PAGE WIDTH: says "well", or what is wrong
    cat >asking.js <<'END'
const wrong = new Set(), near = 2;
const boxes = svg => [...svg.querySelectorAll("text")].map(t => ({ b: t.getBBox(), t: t.textContent }));
document.querySelectorAll("details").forEach(d => d.open = true);
if (document.documentElement.scrollWidth > innerWidth) wrong.add("scrolls sideways");
for (const path of document.querySelectorAll("svg path"))
    if (!/^(M-?\d+ -?\d+[-\dhvHVlmMZ ]*)?$/.test(path.getAttribute("d"))) wrong.add("path " + path.getAttribute("d").slice(0, 60));
for (const svg of document.querySelectorAll("svg")) {
    const all = boxes(svg), view = svg.viewBox.baseVal;
    all.forEach(({ b, t }, i) => {
        if (b.x < -near || b.y < -near || b.x + b.width > view.width + near || b.y + b.height > view.height + near) wrong.add("cut off: " + t);
        for (const { b: c, t: u } of all.slice(i + 1))
            if (b.x + b.width - near > c.x && c.x + c.width - near > b.x && b.y + b.height - near > c.y + near && c.y + c.height - near > b.y + near)
                wrong.add(t + " is upon " + u);
    });
}
parent.postMessage(wrong.size ? [...wrong].slice(0, 5).join("; ") : "well", "*");
END
    { sed '/<\/body>/,$d' "$1"; echo '<script>'; cat asking.js; echo '</script></body></html>'; } >asked.html
    printf '<title>silent</title><script>onmessage = e => document.title = e.data</script><iframe src="asked.html" style="border:0;width:%dpx;height:900px"></iframe>' "$2" >asking.html
    run_browser asking --window-size=1500,1000 --virtual-time-budget=20000 --dump-dom "file://$work/asking.html" 2>/dev/null |
        sed -n 's|.*<title>\(.*\)</title>.*|\1|p'
}
