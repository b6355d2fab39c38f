#pragma once
#include <string_view>

namespace offboard::table {

/// What stands between <style> and </style>. Colour only repeats what the state's word says; contrast is at
/// least 4.5 to 1 on both papers.
inline constexpr std::string_view k_html_style = R"(
:root { --paper: #ffffff; --ink: #1c1c1c; --line: #c4c4c4; --head: #efefef;
  --grey: #595959; --blue: #0b57a8; --red: #b3261e; --amber: #8a4b00; --green: #17692b; }
@media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #e8e8e8; --line: #4a4a4a; --head: #262626;
  --grey: #a8a8a8; --blue: #8ab8f0; --red: #f2948c; --amber: #efb560; --green: #83cf95; } }
@media print { :root { --paper: #ffffff; --ink: #000000; --line: #888888; --head: #ffffff;
  --grey: #595959; --blue: #0b57a8; --red: #b3261e; --amber: #8a4b00; --green: #17692b; } }
@page { size: landscape; margin: 10mm; }
body { margin: 1rem; background: var(--paper); color: var(--ink); font: 0.875rem/1.4 system-ui, sans-serif; }
h1 { font-size: 1.25rem; }
table { border-collapse: collapse; }
caption { padding: 0.25rem 0; text-align: left; color: var(--grey); }
th, td { padding: 0.25rem 0.5rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
th { position: sticky; top: 0; background: var(--head); white-space: nowrap; }
td { max-width: 30rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.state { font-weight: 600; }
.pending, .withdrawn { color: var(--grey); }
.checked, .ready, .patching { color: var(--blue); }
.blocked { color: var(--amber); }
.failed { color: var(--red); }
.patched { color: var(--green); }
@media print { body { margin: 0; font-size: 7pt; } th { position: static; white-space: normal; }
  thead { display: table-header-group; } tr { break-inside: avoid; } }
)";

/// SHA-256 of the style above, in base 64: the page's own policy allows this style and nothing else at all.
/// The test report.readers fails, and names the right value, where the two no longer agree.
inline constexpr std::string_view k_html_style_hash = "P86XCEgtxEQqK6H7NkOCVFNYXJQu/NS+uUH1rZ7Jbbc=";

/// A pattern for fmt: title, job, style_hash, style.
inline constexpr std::string_view k_html_head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} of {job} - offboard</title>
<style>{style}</style>
</head>
<body>
<h1>{title} of {job}</h1>
)";

}  // namespace offboard::table
