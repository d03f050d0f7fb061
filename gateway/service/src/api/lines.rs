//! Many at once: a JSON array, NDJSON or CSV, of which each line is read on its own and refused alone.

use super::{
	json::{At, FromJson},
	post::{Content, expect_media, parse},
	problem::Refusal,
};
use crate::model::Fault;
use axum::body::Bytes;
use serde_json::{Map, Value};

/// The most lines of one request.
const LINES: usize = 5_000;

/// What a line says.
pub trait Line: FromJson {
	/// Fields that are no text: in CSV they are read as JSON.
	const PLAIN: &'static [&'static str];

	/// What is wrong with it as a whole.
	fn faults(&self) -> Vec<Fault>;
}

/// One, or many, in any of the forms.
pub enum Lines<T> {
	One(T),
	Many(Vec<Result<T, Refusal>>),
}

impl<T: Line> Content for Lines<T> {
	fn read(media: &str, bytes: &Bytes) -> Result<Self, Refusal> {
		expect_media(media, &["application/json", "application/x-ndjson", "text/csv"])?;
		let lines = match media {
			"application/x-ndjson" => ndjson(bytes),
			"text/csv" => csv_lines(bytes)?,
			_ => match parse(bytes)? {
				Value::Array(items) => items.into_iter().map(|item| read_line(&item)).collect(),
				value => return read_line(&value).map(Self::One),
			},
		};
		match lines.len() {
			1..=LINES => Ok(Self::Many(lines)),
			n => Err(Refusal::fault("", format!("has {n} lines; there are to be 1 to {LINES}."))),
		}
	}
}

fn read_line<T: Line>(value: &Value) -> Result<T, Refusal> {
	let mut faults = Vec::new();
	let line = T::from_json(value, At::ROOT, &mut faults);
	if let Some(line) = &line {
		faults.extend(line.faults());
	}
	match line {
		Some(line) if faults.is_empty() => Ok(line),
		_ => Err(Refusal::invalid(faults)),
	}
}

fn ndjson<T: Line>(bytes: &[u8]) -> Vec<Result<T, Refusal>> {
	let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
	lines.map(|line| read_line(&parse(line)?)).collect()
}

/// Columns by the names of the fields, in any order.
fn csv_lines<T: Line>(bytes: &[u8]) -> Result<Vec<Result<T, Refusal>>, Refusal> {
	let unreadable = |error: csv::Error| Refusal::malformed(format!("The body is no CSV: {error}."));
	let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
	let header = reader.headers().map_err(unreadable)?.clone();
	reader
		.records()
		.map(|record| {
			let record = record.map_err(unreadable)?;
			let fields: Map<_, _> = header
				.iter()
				.zip(record.iter())
				.filter(|(_, text)| !text.is_empty())
				.map(|(name, text)| {
					let name = name.trim_start_matches('\u{feff}');
					let plain = T::PLAIN.contains(&name).then(|| serde_json::from_str(text).ok()).flatten();
					(name.to_owned(), plain.unwrap_or_else(|| Value::from(text)))
				})
				.collect();
			Ok(read_line(&Value::Object(fields)))
		})
		.collect()
}
