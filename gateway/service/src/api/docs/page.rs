//! The document as a page to read: no script, and nothing from another host.

use serde_json::{Map, Value};
use std::fmt::{self, Write};

const STYLE: &str = include_str!("page.css");
/// How deep what is in a body is shown.
const DEEPEST: usize = 5;

/// The page.
pub fn render(document: &Value) -> String {
	let mut page = String::new();
	// Writing into a text does not fail.
	let _ = Page { document, out: &mut page }.write();
	page
}

struct Page<'a> {
	document: &'a Value,
	out: &'a mut String,
}

impl Page<'_> {
	fn write(&mut self) -> fmt::Result {
		let info = &self.document["info"];
		let title = escaped(text(&info["title"]));
		write!(
			self.out,
			"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body><header><h1>{title} <small>{}</small></h1>",
			escaped(text(&info["version"]))
		)?;
		for paragraph in text(&info["description"]).split("\n\n") {
			write!(self.out, "<p>{}</p>", prose(paragraph))?;
		}
		let tags = self.document["tags"].as_array().cloned().unwrap_or_default();
		write!(self.out, "<p>For programs: <a href=\"/openapi.json\">/openapi.json</a></p></header><nav>")?;
		for tag in &tags {
			let name = escaped(text(&tag["name"]));
			write!(self.out, "<a href=\"#tag-{name}\">{name}</a> ")?;
		}
		write!(self.out, "</nav><main>")?;
		for tag in &tags {
			self.tag(text(&tag["name"]), text(&tag["description"]))?;
		}
		write!(self.out, "</main></body></html>")
	}

	fn tag(&mut self, name: &str, description: &str) -> fmt::Result {
		let (id, words) = (escaped(name), prose(description));
		write!(self.out, "<section id=\"tag-{id}\"><h2>{id}</h2><p>{words}</p>")?;
		for (path, methods) in entries(&self.document["paths"]) {
			for (method, operation) in entries(methods) {
				if operation["tags"][0] == name {
					self.operation(path, method, operation)?;
				}
			}
		}
		write!(self.out, "</section>")
	}

	fn operation(&mut self, path: &str, method: &str, operation: &Value) -> fmt::Result {
		write!(
			self.out,
			"<details id=\"{}\"><summary><b class=\"{method}\">{}</b> <code>{}</code> {}</summary>",
			escaped(text(&operation["operationId"])),
			method.to_uppercase(),
			escaped(path),
			prose(text(&operation["summary"]))
		)?;
		if operation["description"].is_string() {
			write!(self.out, "<p>{}</p>", prose(text(&operation["description"])))?;
		}
		self.parameters(operation)?;
		for (media, content) in entries(&operation["requestBody"]["content"]) {
			write!(self.out, "<h3>Body <code>{}</code></h3>", escaped(media))?;
			self.schema(&content["schema"], 0)?;
			for (name, example) in entries(&content["examples"]) {
				let curl = curl(path, method, operation, name, Some((media, &example["value"])));
				write!(self.out, "<pre>{}</pre>", escaped(&curl))?;
			}
		}
		if operation["requestBody"].is_null() {
			let name = first_example(operation);
			write!(self.out, "<pre>{}</pre>", escaped(&curl(path, method, operation, &name, None)))?;
		}
		self.responses(operation)?;
		write!(self.out, "</details>")
	}

	fn parameters(&mut self, operation: &Value) -> fmt::Result {
		let Some(parameters) = operation["parameters"].as_array() else { return Ok(()) };
		write!(self.out, "<h3>Parameters</h3><ul>")?;
		for parameter in parameters {
			write!(
				self.out,
				"<li><code>{}</code> <i>{}{}</i> {}</li>",
				escaped(text(&parameter["name"])),
				escaped(text(&parameter["in"])),
				if parameter["required"] == true { ", required" } else { "" },
				prose(text(&parameter["description"]))
			)?;
		}
		write!(self.out, "</ul>")
	}

	fn responses(&mut self, operation: &Value) -> fmt::Result {
		write!(self.out, "<h3>Answers</h3>")?;
		for (status, response) in entries(&operation["responses"]) {
			let response = self.resolved(response).clone();
			let words = prose(text(&response["description"]));
			write!(self.out, "<details><summary><b>{}</b> {words}</summary>", escaped(status))?;
			for (media, content) in entries(&response["content"]) {
				write!(self.out, "<p><code>{}</code></p>", escaped(media))?;
				self.schema(&content["schema"], 0)?;
				for (_, example) in entries(&content["examples"]) {
					write!(self.out, "<pre>{}</pre>", escaped(&shown(&example["value"])))?;
				}
			}
			write!(self.out, "</details>")?;
		}
		Ok(())
	}

	fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
		match value["$ref"].as_str() {
			Some(reference) => {
				self.document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null)
			},
			None => value,
		}
	}

	/// What is in a value: its fields, or those of its items.
	fn schema(&mut self, schema: &Value, depth: usize) -> fmt::Result {
		let schema = self.resolved(schema).clone();
		let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|kind| schema[kind].as_array());
		for choice in choices.into_iter().flatten().filter(|choice| choice["type"] != "null") {
			self.schema(choice, depth)?;
		}
		if schema["items"].is_object() {
			return self.schema(&schema["items"], depth);
		}
		let Some(fields) = schema["properties"].as_object().filter(|_| depth < DEEPEST) else {
			return Ok(());
		};
		let required: Vec<_> = schema["required"].as_array().into_iter().flatten().map(text).collect();
		write!(self.out, "<ul>")?;
		for (name, field) in fields {
			let of = self.resolved(field).clone();
			let words =
				[field, &of].map(|one| text(&one["description"])).into_iter().find(|one| !one.is_empty());
			write!(
				self.out,
				"<li><code>{}</code> <i>{}{}</i> {}",
				escaped(name),
				escaped(&kind(&of)),
				if required.contains(&name.as_str()) { ", required" } else { "" },
				prose(words.unwrap_or_default())
			)?;
			self.schema(field, depth + 1)?;
			write!(self.out, "</li>")?;
		}
		write!(self.out, "</ul>")
	}
}

/// A request as somebody types it.
fn curl(path: &str, method: &str, operation: &Value, name: &str, body: Option<(&str, &Value)>) -> String {
	let (mut target, mut query, mut headers) = (path.to_owned(), Vec::new(), Vec::new());
	if operation["security"].is_array() {
		headers.push("-H \"Authorization: Bearer $KEY\"".to_owned());
	}
	for parameter in operation["parameters"].as_array().into_iter().flatten() {
		let parameter_name = text(&parameter["name"]);
		let value = shown(&parameter["examples"][name]["value"]);
		match text(&parameter["in"]) {
			_ if parameter_name == "Idempotency-Key" => {
				headers.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned());
			},
			_ if value.is_empty() => {},
			"path" => target = target.replace(&format!("{{{parameter_name}}}"), &value),
			"query" => query.push(format!("{parameter_name}={value}")),
			_ => headers.push(format!("-H '{parameter_name}: {value}'")),
		}
	}
	if !query.is_empty() {
		target = format!("{target}?{}", query.join("&"));
	}
	if let Some((media, value)) = body {
		headers.push(format!("-H 'Content-Type: {media}'"));
		headers.push(format!("--data-binary '{}'", shown(value).replace('\'', "'\\''")));
	}
	let mut curl = match method {
		"get" => format!("curl \"$GATEWAY{target}\""),
		_ => format!("curl -X {} \"$GATEWAY{target}\"", method.to_uppercase()),
	};
	for header in headers {
		curl.push_str(" \\\n  ");
		curl.push_str(&header);
	}
	curl
}

fn first_example(operation: &Value) -> String {
	let parameters = operation["parameters"].as_array().into_iter().flatten();
	let named = parameters.flat_map(|parameter| entries(&parameter["examples"]));
	named.map(|(name, _)| name.clone()).next().unwrap_or_default()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
	value.as_object().into_iter().flat_map(Map::iter)
}

fn text(value: &Value) -> &str {
	value.as_str().unwrap_or_default()
}

/// A text as it is, and anything else as JSON.
fn shown(value: &Value) -> String {
	match value {
		Value::Null => String::new(),
		Value::String(text) => text.clone(),
		other => serde_json::to_string_pretty(other).unwrap_or_default(),
	}
}

fn kind(schema: &Value) -> String {
	let names: Vec<_> = match &schema["type"] {
		Value::String(name) => vec![name.clone()],
		Value::Array(names) => names.iter().map(|name| text(name).to_owned()).collect(),
		_ => Vec::new(),
	};
	match schema["enum"].as_array() {
		Some(values) => values.iter().map(shown).collect::<Vec<_>>().join(" | "),
		None => names.join(" | "),
	}
}

fn escaped(text: &str) -> String {
	text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Escaped, with what stands between backticks as code.
fn prose(text: &str) -> String {
	let mut parts = escaped(text);
	while let Some((before, rest)) = parts.split_once('`') {
		let Some((code, after)) = rest.split_once('`') else { break };
		parts = format!("{before}<code>{code}</code>{after}");
	}
	parts
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_operation_is_on_the_page_and_nothing_is_of_another_host() {
		let document = crate::api::document();
		let page = render(&document);
		for (_, methods) in entries(&document["paths"]) {
			for (_, operation) in entries(methods) {
				assert!(page.contains(&format!("id=\"{}\"", text(&operation["operationId"]))));
			}
		}
		for foreign in ["<script", "src=", "@import", "url(", "href=\"http"] {
			assert!(!page.contains(foreign), "{foreign}");
		}
	}

	#[test]
	fn what_is_written_is_no_markup() {
		assert_eq!(prose("a `<b>` & \"c\""), "a <code>&lt;b&gt;</code> &amp; &quot;c&quot;");
	}
}
