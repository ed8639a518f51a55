import { describe, expect, it } from "vitest";
import type { Letter } from "../../casework/warning/warning.ts";
import { letterPage, unknownLetterPage } from "./letter-page.ts";

const nasty = `<script>alert("1")</script> & 'quoted' <img src=x onerror=alert(1)>`;

function letter(text: string): Letter {
  return { title: text, salutation: text, paragraphs: [text, text], signature: text, date: text };
}

describe("the letter's page", () => {
  it("shows whatever a place is called as text, never as markup", () => {
    const html = letterPage({ zh: letter(nasty), en: letter(nasty) }, [
      { url: `/w/x/masked/"><script>`, captionZh: nasty, captionEn: nasty },
    ]);
    expect(html).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>/);
    expect(html.match(/<img /g)).toHaveLength(1);
    expect(html).toContain(
      "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;quoted&#39; &lt;img src=x onerror=alert(1)&gt;",
    );
    expect(html).toContain('src="/w/x/masked/&quot;&gt;&lt;script&gt;"');
  });

  it("says everything in Chinese and then in English, with each picture captioned in both", () => {
    const html = letterPage({ zh: letter("中文"), en: letter("English") }, [
      { url: "/w/t/masked/a.jpg", captionZh: "全景", captionEn: "wide view" },
    ]);
    expect(html.match(/中文/g)).toHaveLength(7);
    expect(html.match(/English/g)).toHaveLength(6);
    expect(html).toContain("<figcaption>全景 · wide view</figcaption>");
    expect(html).toMatch(/<section lang="en">/);
  });

  it("loads nothing from elsewhere and keeps out of search engines", () => {
    for (const html of [letterPage({ zh: letter("a"), en: letter("b") }, []), unknownLetterPage()]) {
      expect(html).not.toMatch(/https?:|<link|<script|@import/);
      expect(html).toContain('<meta name="robots" content="noindex">');
    }
  });
});
