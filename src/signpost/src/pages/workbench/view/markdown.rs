//! Markdown of cards as HTML: raw HTML is shown as text, links lead to http(s) only, and no image is loaded.

use pulldown_cmark::{Alignment, CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// HTML that is safe to put into a page.
pub(super) fn html(markdown: &str) -> String {
    let mut unsafe_links = Vec::new();
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    let events = events.filter_map(|event| tame(event, &mut unsafe_links));
    let mut out = String::with_capacity(markdown.len().saturating_mul(2));
    html::push_html(&mut out, events);
    // A heading without words is none. Text cannot look like this, for it is escaped.
    out.replace("<th></th>", "<td></td>")
}

/// An event as it may be shown; `links` remembers for each link that is open whether it is.
fn tame<'m>(event: Event<'m>, links: &mut Vec<bool>) -> Option<Event<'m>> {
    match event {
        // The only HTML that cards are written with: in a table, Markdown has no other way to a new line.
        Event::InlineHtml(raw) if &*raw == "<br>" => Some(Event::HardBreak),
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            links.push(is_web(&dest_url));
            let title = CowStr::Borrowed("");
            links.last()?.then_some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Link) => links.pop()?.then_some(event),
        // The words of an image stand for it.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        // Alignment would be written as a style.
        Event::Start(Tag::Table(columns)) => {
            Some(Event::Start(Tag::Table(columns.iter().map(|_| Alignment::None).collect())))
        }
        event => Some(event),
    }
}

/// Whether an address leads to the web.
pub(super) fn is_web(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
