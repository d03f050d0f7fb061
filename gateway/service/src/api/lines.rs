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
		match media {
			"application/x-ndjson" => ndjson(bytes),
			"text/csv" => csv_lines(bytes),
			_ => match parse(bytes)? {
				Value::Array(items) => {
					ensure_few(items.len())?;
					Ok(items.iter().map(read_line).collect())
				},
				value => return read_line(&value).map(Self::One),
			},
		}
		.map(Self::Many)
	}
}

/// They are counted before they are read: what is said of millions of lines would fill the memory.
fn ensure_few(lines: usize) -> Result<(), Refusal> {
	match lines {
		1..=LINES => Ok(()),
		n => Err(Refusal::fault("", format!("has {n} lines; there are to be 1 to {LINES}."))),
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

fn ndjson<T: Line>(bytes: &[u8]) -> Result<Vec<Result<T, Refusal>>, Refusal> {
	let lines = || bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
	ensure_few(lines().count())?;
	Ok(lines().map(|line| read_line(&parse(line)?)).collect())
}

/// Columns by the names of the fields, in any order.
fn csv_lines<T: Line>(bytes: &Bytes) -> Result<Vec<Result<T, Refusal>>, Refusal> {
	let unreadable = |error: csv::Error| Refusal::malformed(format!("The body is no CSV: {error}."));
	let reader = || csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_ref());
	ensure_few(reader().byte_records().count())?;
	let mut reader = reader();
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

#[cfg(test)]
mod tests {
	use super::*;
	use crate::api::json::body;

	body! {
		/// One line.
		pub struct Number {
			pub number: u32,
		}
	}

	impl Line for Number {
		const PLAIN: &'static [&'static str] = &["number"];

		fn faults(&self) -> Vec<Fault> {
			Vec::new()
		}
	}

	/// How many lines are right, and how many are not.
	fn read(media: &str, text: &str) -> Result<(usize, usize), String> {
		match Lines::<Number>::read(media, &Bytes::copy_from_slice(text.as_bytes())) {
			Ok(Lines::One(_)) => Ok((1, 0)),
			Ok(Lines::Many(lines)) => {
				let right =
					lines.iter().filter(|line| line.as_ref().is_ok_and(|one| one.number == 1)).count();
				Ok((right, lines.len() - right))
			},
			Err(refusal) => Err(refusal.into_problem().detail),
		}
	}

	const FORMS: [&str; 3] = ["application/json", "application/x-ndjson", "text/csv"];

	#[test]
	fn lines_are_read_each_on_its_own() {
		let (many, lines) = ("[{\"number\": 1}, {\"number\": -1}]", "{\"number\": 1}\n\n{\"number\": -1}\n");
		for (media, text) in FORMS.into_iter().zip([many, lines, "number\n1\n-1\n"]) {
			assert_eq!(read(media, text).unwrap(), (1, 1), "{media}");
		}
	}

	/// Before anything is said of each of them.
	#[test]
	fn what_is_too_long_is_refused_as_a_whole() {
		let count = 1_000_000;
		let list = format!("[{}0]", "0,".repeat(count - 1));
		for (media, text) in
			FORMS.into_iter().zip([list, "0\n".repeat(count), format!("number\n{}", "x\n".repeat(count))])
		{
			let said = read(media, &text).unwrap_err();
			assert!(said.contains("has 1000000 lines; there are to be 1 to 5000"), "{media}: {said}");
		}
		assert!(read("application/json", "[]").unwrap_err().contains("has 0 lines"));
	}
}
