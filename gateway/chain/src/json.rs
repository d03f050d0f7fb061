//! What the chain encodes, as JSON that says the same to everybody, whatever version of the runtime encoded it.
//!
//! | SCALE | JSON |
//! |---|---|
//! | whole numbers to 64 bits | number |
//! | longer ones, as amounts are, and parts of 10¹⁸ | decimal string |
//! | account | SS58 address |
//! | bytes | `0x` and hexadecimal digits |
//! | fields with names | object |
//! | fields without | the one, or a list |
//! | variant without fields | its name |
//! | variant with fields | object of one entry: its name and its fields |
//! | `Option` | the value, or null |

use crate::AccountId;
use codec::{Compact, Decode};
use scale_info::{Field, PortableRegistry, TypeDef, TypeDefPrimitive, Variant, form::PortableForm};
use serde_json::{Map, Value};

/// The bytes are not of the type that they should be of.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
	#[error("the metadata has no type {0}")]
	UnknownType(u32),
	#[error("the type {0} has no variant {1}")]
	UnknownVariant(u32, u8),
	#[error("type {0} is not one that is read here")]
	Unsupported(u32),
	#[error("{0}")]
	Encoding(#[from] codec::Error),
}

/// Reads a value of the type `id`, and leaves what follows it in `input`.
pub fn read(input: &mut &[u8], id: u32, types: &PortableRegistry) -> Result<Value, Unreadable> {
	let found = types.resolve(id).ok_or(Unreadable::UnknownType(id))?;
	let name = found.path.segments.last().map(String::as_str);
	match &found.type_def {
		TypeDef::Composite(_) if name == Some("AccountId32") => {
			Ok(Value::String(AccountId(Decode::decode(input)?).to_string()))
		},
		TypeDef::Composite(_) if name == Some("Perquintill") => Ok(text(u64::decode(input)?)),
		TypeDef::Composite(composite) => read_fields(input, &composite.fields, types),
		TypeDef::Variant(variant) => {
			let index = u8::decode(input)?;
			let taken = variant.variants.iter().find(|one| one.index == index);
			let taken = taken.ok_or(Unreadable::UnknownVariant(id, index))?;
			read_variant(input, taken, name == Some("Option"), types)
		},
		TypeDef::Sequence(sequence) => {
			let length = Compact::<u32>::decode(input)?.0;
			read_list(input, length, sequence.type_param.id, types)
		},
		TypeDef::Array(array) => read_list(input, array.len, array.type_param.id, types),
		TypeDef::Tuple(tuple) => {
			let mut values = Vec::with_capacity(tuple.fields.len());
			for field in &tuple.fields {
				values.push(read(input, field.id, types)?);
			}
			Ok(Value::Array(values))
		},
		TypeDef::Primitive(primitive) => read_primitive(input, primitive, id),
		TypeDef::Compact(compact) => read_compact(input, compact.type_param.id, types),
		TypeDef::BitSequence(_) => Err(Unreadable::Unsupported(id)),
	}
}

/// Reads fields one after the other: of an event, of a call, of a value.
pub fn read_fields(
	input: &mut &[u8],
	fields: &[Field<PortableForm>],
	types: &PortableRegistry,
) -> Result<Value, Unreadable> {
	if fields.iter().any(|field| field.name.is_some()) {
		let mut object = Map::new();
		for field in fields {
			object.insert(field.name.clone().unwrap_or_default(), read(input, field.ty.id, types)?);
		}
		return Ok(Value::Object(object));
	}
	if let [only] = fields {
		return read(input, only.ty.id, types);
	}
	let values = fields.iter().map(|field| read(input, field.ty.id, types));
	Ok(Value::Array(values.collect::<Result<_, _>>()?))
}

fn read_variant(
	input: &mut &[u8],
	variant: &Variant<PortableForm>,
	is_option: bool,
	types: &PortableRegistry,
) -> Result<Value, Unreadable> {
	match (is_option, variant.fields.is_empty()) {
		(true, true) => Ok(Value::Null),
		(true, false) => read_fields(input, &variant.fields, types),
		(false, true) => Ok(Value::String(variant.name.clone())),
		(false, false) => {
			let fields = read_fields(input, &variant.fields, types)?;
			Ok(Value::Object(Map::from_iter([(variant.name.clone(), fields)])))
		},
	}
}

fn read_list(input: &mut &[u8], length: u32, of: u32, types: &PortableRegistry) -> Result<Value, Unreadable> {
	let element = types.resolve(of).ok_or(Unreadable::UnknownType(of))?;
	if matches!(element.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)) {
		let (bytes, rest) = input
			.split_at_checked(length as usize)
			.ok_or(Unreadable::Encoding("there are fewer bytes than it says".into()))?;
		*input = rest;
		return Ok(Value::String(format!("0x{}", hex::encode(bytes))));
	}
	let values = (0..length).map(|_| read(input, of, types));
	Ok(Value::Array(values.collect::<Result<_, _>>()?))
}

fn read_primitive(input: &mut &[u8], primitive: &TypeDefPrimitive, id: u32) -> Result<Value, Unreadable> {
	Ok(match primitive {
		TypeDefPrimitive::Bool => bool::decode(input)?.into(),
		TypeDefPrimitive::Str => String::decode(input)?.into(),
		TypeDefPrimitive::U8 => u8::decode(input)?.into(),
		TypeDefPrimitive::U16 => u16::decode(input)?.into(),
		TypeDefPrimitive::U32 => u32::decode(input)?.into(),
		TypeDefPrimitive::U64 => u64::decode(input)?.into(),
		TypeDefPrimitive::U128 => text(u128::decode(input)?),
		TypeDefPrimitive::I8 => i8::decode(input)?.into(),
		TypeDefPrimitive::I16 => i16::decode(input)?.into(),
		TypeDefPrimitive::I32 => i32::decode(input)?.into(),
		TypeDefPrimitive::I64 => i64::decode(input)?.into(),
		TypeDefPrimitive::I128 => text(i128::decode(input)?),
		TypeDefPrimitive::Char | TypeDefPrimitive::U256 | TypeDefPrimitive::I256 => {
			return Err(Unreadable::Unsupported(id));
		},
	})
}

fn read_compact(input: &mut &[u8], of: u32, types: &PortableRegistry) -> Result<Value, Unreadable> {
	let number = Compact::<u128>::decode(input)?.0;
	let inner = types.resolve(of).ok_or(Unreadable::UnknownType(of))?;
	match inner.type_def {
		TypeDef::Primitive(TypeDefPrimitive::U128) => Ok(text(number)),
		_ => Ok(u64::try_from(number).map_or_else(|_| text(number), Value::from)),
	}
}

fn text(number: impl ToString) -> Value {
	Value::String(number.to_string())
}
