//! Strict bodies: every fault is found at once and named with its place, and nothing is ignored.

use crate::model::Fault;
use serde_json::{Map, Value};

/// A place in a body, which is only written out when something is wrong there.
#[derive(Clone, Copy)]
pub struct At<'a> {
	parent: Option<&'a At<'a>>,
	step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
	Root,
	Name(&'a str),
	Index(usize),
}

impl At<'_> {
	pub const ROOT: At<'static> = At { parent: None, step: Step::Root };

	pub fn name<'a>(&'a self, name: &'a str) -> At<'a> {
		At { parent: Some(self), step: Step::Name(name) }
	}

	pub fn index(&self, index: usize) -> At<'_> {
		At { parent: Some(self), step: Step::Index(index) }
	}

	/// The JSON pointer (RFC 6901).
	pub fn pointer(&self) -> String {
		let mut pointer = self.parent.map(|parent| parent.pointer()).unwrap_or_default();
		match self.step {
			Step::Root => {},
			Step::Name(name) => {
				pointer.push('/');
				pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
			},
			Step::Index(index) => {
				pointer.push('/');
				pointer.push_str(&index.to_string());
			},
		}
		pointer
	}

	pub fn fault(&self, detail: impl Into<String>) -> Fault {
		Fault { pointer: self.pointer(), detail: detail.into() }
	}
}

/// More faults than these are not named: nobody reads them, and a body can have millions.
const MOST: usize = 100;

/// What can stand in a body.
pub trait FromJson: Sized {
	/// Reads it, or says what is wrong with it.
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self>;

	/// What it means if the field is not there; nothing if it has to be.
	fn left_out() -> Option<Self> {
		None
	}
}

/// The fields of an object, taken one by one.
pub struct Fields<'a> {
	map: &'a Map<String, Value>,
	at: At<'a>,
	known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
	pub fn of(value: &'a Value, at: At<'a>, faults: &mut Vec<Fault>) -> Option<Self> {
		match value.as_object() {
			Some(map) => Some(Self { map, at, known: Vec::new() }),
			None => {
				faults.push(at.fault("is to be a JSON object."));
				None
			},
		}
	}

	pub fn take<T: FromJson>(&mut self, name: &'static str, faults: &mut Vec<Fault>) -> Option<T> {
		self.known.push(name);
		let at = self.at.name(name);
		match self.map.get(name) {
			Some(value) => T::from_json(value, at, faults),
			None => T::left_out().or_else(|| {
				faults.push(at.fault("is missing."));
				None
			}),
		}
	}

	/// Whatever was not taken is a fault.
	pub fn end(self, faults: &mut Vec<Fault>) {
		let left = MOST.saturating_sub(faults.len());
		for name in self.map.keys().filter(|name| !self.known.contains(&name.as_str())).take(left.max(1)) {
			let known = self.known.join(", ");
			faults.push(self.at.name(name).fault(format!("is no field here; there are {known}.")));
		}
	}
}

/// A body: a struct that is read strictly and described in the OpenAPI document.
macro_rules! body {
	($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)* }) => {
		$(#[$meta])*
		#[derive(Clone, Debug, utoipa::ToSchema)]
		#[serde(deny_unknown_fields)]
		pub struct $name {
			$($(#[$field_meta])* pub $field: $type,)*
		}

		impl $crate::api::json::FromJson for $name {
			fn from_json(
				value: &serde_json::Value,
				at: $crate::api::json::At<'_>,
				faults: &mut Vec<$crate::model::Fault>,
			) -> Option<Self> {
				let mut fields = $crate::api::json::Fields::of(value, at, faults)?;
				$(let $field = fields.take::<$type>(stringify!($field), faults);)*
				fields.end(faults);
				Some(Self { $($field: $field?,)* })
			}
		}
	};
}
pub(crate) use body;

impl<T: FromJson> FromJson for Option<T> {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		match value {
			Value::Null => Some(None),
			value => T::from_json(value, at, faults).map(Some),
		}
	}

	fn left_out() -> Option<Self> {
		Some(None)
	}
}

impl<T: FromJson> FromJson for Vec<T> {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		let Some(items) = value.as_array() else {
			faults.push(at.fault("is to be a JSON array."));
			return None;
		};
		// All are read, so that all faults are found, up to what somebody may want to read.
		let mut read = Some(Vec::new());
		for (index, value) in items.iter().enumerate() {
			match (T::from_json(value, at.index(index), faults), &mut read) {
				(Some(item), Some(read)) => read.push(item),
				_ => read = None,
			}
			if faults.len() >= MOST {
				return None;
			}
		}
		read
	}
}

impl FromJson for bool {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		value.as_bool().or_else(|| {
			faults.push(at.fault("is to be true or false."));
			None
		})
	}
}

macro_rules! whole_numbers {
	($($type:ty),*) => {$(
		impl FromJson for $type {
			fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
				let number = match value.as_u64() {
					Some(number) => <$type>::try_from(number).ok(),
					None => value.as_i64().and_then(|number| <$type>::try_from(number).ok()),
				};
				number.or_else(|| {
					faults.push(at.fault(format!("is to be a whole number from {} to {}.", <$type>::MIN, <$type>::MAX)));
					None
				})
			}
		}
	)*};
}
whole_numbers!(u8, u16, u32, u64, i16);

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	body! {
		/// One line.
		pub struct Line {
			pub program: u16,
			pub note: Option<bool>,
		}
	}

	body! {
		/// Many of them.
		pub struct Lines {
			pub lines: Vec<Line>,
		}
	}

	#[test]
	fn every_fault_is_named_at_its_place() {
		let body = json!({
			"lines": [{ "program": 1 }, { "program": "1", "a/b": 2 }, { "note": 3 }, 4],
			"more": 1,
		});
		let mut faults = Vec::new();
		assert!(Lines::from_json(&body, At::ROOT, &mut faults).is_none());
		let mut places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
		places.sort_unstable();
		assert_eq!(
			places,
			["/lines/1/a~1b", "/lines/1/program", "/lines/2/note", "/lines/2/program", "/lines/3", "/more"]
		);
	}

	#[test]
	fn of_millions_of_faults_some_are_named() {
		let fields: Map<String, Value> = (0..1_000).map(|n| (n.to_string(), Value::Null)).collect();
		let bodies =
			[json!({ "lines": vec![0; 1_000_000] }), json!({ "lines": [], "more": fields }), fields.into()];
		for (body, most) in bodies.into_iter().zip([MOST, 1, MOST]) {
			let mut faults = Vec::new();
			Lines::from_json(&body, At::ROOT, &mut faults);
			assert_eq!(faults.len(), most);
		}
	}

	#[test]
	fn what_is_right_is_read() {
		let body = json!({ "lines": [{ "program": 1, "note": true }] });
		let lines = Lines::from_json(&body, At::ROOT, &mut Vec::new()).unwrap().lines;
		assert_eq!((lines[0].program, lines[0].note), (1, Some(true)));
	}

	#[test]
	fn what_may_be_left_out_may_be_null_too() {
		let mut faults = Vec::new();
		let line = Line::from_json(&json!({ "program": 7, "note": null }), At::ROOT, &mut faults).unwrap();
		assert_eq!((line.program, line.note, faults.len()), (7, None, 0));
	}
}
