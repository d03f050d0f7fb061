//! Messages into the queue, in the database's transaction of what they tell of: both are there, or neither.

use super::{
	endpoints::wants,
	kinds::{self, For},
};
use crate::{
	model::{Action, Hash},
	store::{Moment, Operation, Status, StoreError, Transaction, now},
};
use hanse_chain::{FinalBlock, InstitutionId};
use serde_json::{Map, Value, json};
use sqlx::Row;
use std::collections::HashMap;

/// Every so many blocks it is looked for vintages that expire soon.
const LOOK_EVERY: u64 = 20;
/// How long before points expire that is told: 30 days.
const NOTICE: Moment = 30 * 24 * 60 * 60 * 1000;

/// Something to tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
	/// Whom; all of this process if nobody.
	pub institution: Option<InstitutionId>,
	pub kind: &'static str,
	pub data: Map<String, Value>,
}

/// Queues what a final block tells, after it is in the index: its events, and the operations that it ended.
pub async fn enqueue(tx: &mut Transaction, block: &FinalBlock, over: &[Operation]) -> Result<(), StoreError> {
	let targets = targets(tx).await?;
	if targets.is_empty() {
		return Ok(());
	}
	let orders = Orders::of(over);
	let mut messages = Vec::new();
	for event in &block.events {
		let Some(kind) = kinds::of(&event.pallet, &event.name) else { continue };
		let Value::Object(fields) = &event.json else { continue };
		let institution = match kind.whose {
			For::Everybody => None,
			For::Institution(field) => number(fields, field),
			For::Program => issuer(tx, fields).await?,
			For::Vintage => vintage_issuer(tx, fields).await?,
		};
		if kind.whose != For::Everybody && institution.is_none() {
			continue;
		}
		let mut data = fields.clone();
		if kind.event == "BatchIssued" {
			add_awards(block, event.extrinsic, &orders, &mut data);
		}
		orders.name(&mut data);
		data.insert("block".into(), block.number.into());
		data.insert("position".into(), event.position.into());
		messages.push(Message { institution, kind: kind.name, data });
	}
	if block.number.is_multiple_of(LOOK_EVERY) {
		messages.extend(expiring(tx, block).await?);
	}
	let failed = [Status::Failed, Status::Expired, Status::Stuck];
	messages.extend(over.iter().filter(|one| failed.contains(&one.status)).map(failure));
	put(tx, targets, i64::try_from(block.time).unwrap_or(Moment::MAX), messages).await
}

/// What is told of an operation that did not do what it should.
fn failure(operation: &Operation) -> Message {
	let data = json!({
		"operation": operation.id,
		"kind": operation.action.kind(),
		"status": operation.status,
		"reference": operation.reference,
		"block": operation.block,
		"error": operation.error,
	});
	Message {
		institution: Some(operation.institution),
		kind: kinds::OPERATION_FAILED,
		data: data.as_object().cloned().unwrap_or_default(),
	}
}

/// Operations by the order that they are of: an event has the commitment only, the institution knows its reference.
struct Orders<'a>(HashMap<[u8; 32], &'a Operation>);

impl<'a> Orders<'a> {
	fn of(operations: &'a [Operation]) -> Self {
		let orders =
			operations.iter().filter_map(|operation| Some((commitment(&operation.action)?, operation)));
		Self(orders.collect())
	}

	/// Adds operation and reference to what has an `order`.
	fn name(&self, data: &mut Map<String, Value>) {
		let commitment = match data.get("order") {
			Some(Value::Object(order)) => order.get("commitment").cloned(),
			other => other.cloned(),
		};
		let commitment = commitment.and_then(|text| Some(Hash::try_from(text.as_str()?.to_owned()).ok()?.0));
		if let Some(operation) = commitment.and_then(|commitment| self.0.get(&commitment)) {
			data.insert("operation".into(), operation.id.clone().into());
			data.insert("reference".into(), operation.reference.clone().into());
		}
	}
}

fn commitment(action: &Action) -> Option<[u8; 32]> {
	match action {
		Action::Award { order, .. }
		| Action::PresentSlip { order, .. }
		| Action::Refund { order, .. }
		| Action::Capture { order, .. }
		| Action::Void { order, .. } => Some(order.commitment.0),
		Action::CancelAward { commitment, .. } => Some(commitment.0),
		_ => None,
	}
}

/// Queues what is told of operations that failed without a block.
pub async fn failed(tx: &mut Transaction, time: Moment, over: &[Operation]) -> Result<(), StoreError> {
	match over {
		[] => Ok(()),
		over => push(tx, time, over.iter().map(failure).collect()).await,
	}
}

/// Queues messages that no block tells.
pub async fn push(tx: &mut Transaction, time: Moment, messages: Vec<Message>) -> Result<(), StoreError> {
	let targets = targets(tx).await?;
	put(tx, targets, time, messages).await
}

/// An endpoint that gets messages.
struct Target {
	id: String,
	institution: InstitutionId,
	types: Vec<String>,
	sequence: i64,
}

async fn targets(tx: &mut Transaction) -> Result<Vec<Target>, StoreError> {
	let rows = sqlx::query(
		"SELECT id, institution, types, sequence FROM endpoints WHERE disabled IS NULL ORDER BY created, id",
	)
	.fetch_all(&mut **tx)
	.await?;
	let mut targets = Vec::with_capacity(rows.len());
	for row in rows {
		let Ok(institution) = u32::try_from(row.try_get::<i64, _>("institution")?) else { continue };
		targets.push(Target {
			id: row.try_get("id")?,
			institution,
			types: serde_json::from_str(&row.try_get::<String, _>("types")?)?,
			sequence: row.try_get("sequence")?,
		});
	}
	Ok(targets)
}

async fn put(
	tx: &mut Transaction,
	targets: Vec<Target>,
	time: Moment,
	messages: Vec<Message>,
) -> Result<(), StoreError> {
	let timestamp = jiff::Timestamp::from_millisecond(time)
		.map_err(|_| StoreError::Inconsistent(format!("a block of the time {time}")))?
		.to_string();
	for mut target in targets {
		let before = target.sequence;
		for message in &messages {
			if message.institution.is_some_and(|whose| whose != target.institution)
				|| !wants(&target.types, message.kind)
			{
				continue;
			}
			target.sequence += 1;
			let body = json!({
				"type": message.kind,
				"timestamp": timestamp,
				"sequence": target.sequence,
				"data": message.data,
			});
			sqlx::query(
				"INSERT INTO deliveries (endpoint, sequence, type, body, status, attempts, next, created, updated) \
				 VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $5, $5)",
			)
			.bind(&target.id)
			.bind(target.sequence)
			.bind(message.kind)
			.bind(body.to_string())
			.bind(now())
			.execute(&mut **tx)
			.await?;
		}
		if target.sequence > before {
			sqlx::query("UPDATE endpoints SET sequence = $1 WHERE id = $2")
				.bind(target.sequence)
				.bind(&target.id)
				.execute(&mut **tx)
				.await?;
		}
	}
	Ok(())
}

fn number(fields: &Map<String, Value>, field: &str) -> Option<InstitutionId> {
	u32::try_from(fields.get(field)?.as_u64()?).ok()
}

async fn issuer(
	tx: &mut Transaction,
	fields: &Map<String, Value>,
) -> Result<Option<InstitutionId>, StoreError> {
	let program = fields.get("program").and_then(Value::as_i64);
	let row = sqlx::query("SELECT institution FROM programs WHERE program = $1")
		.bind(program)
		.fetch_optional(&mut **tx)
		.await?;
	institution(row)
}

async fn vintage_issuer(
	tx: &mut Transaction,
	fields: &Map<String, Value>,
) -> Result<Option<InstitutionId>, StoreError> {
	let asset = fields.get("asset").and_then(Value::as_i64);
	let row = sqlx::query(
		"SELECT p.institution FROM vintages v JOIN programs p ON p.program = v.program WHERE v.asset = $1",
	)
	.bind(asset)
	.fetch_optional(&mut **tx)
	.await?;
	institution(row)
}

fn institution(row: Option<sqlx::any::AnyRow>) -> Result<Option<InstitutionId>, StoreError> {
	let Some(row) = row else { return Ok(None) };
	Ok(u32::try_from(row.try_get::<i64, _>("institution")?).ok())
}

/// The event of a batch names it by its hash: the awards are in the call.
fn add_awards(
	block: &FinalBlock,
	extrinsic: Option<u32>,
	orders: &Orders<'_>,
	data: &mut Map<String, Value>,
) {
	let transaction = block.transactions.iter().find(|transaction| Some(transaction.index) == extrinsic);
	let Some((transaction, call)) = transaction.and_then(|one| Some((one, one.call.as_ref()?))) else {
		return;
	};
	let batch = hanse_chain::batches(call, transaction.signer)
		.find(|batch| data.get("batch").and_then(Value::as_str) == Some(&hexadecimal(&batch.hash)));
	let Some(batch) = batch else { return };
	let awards = batch.awards.iter().map(|award| {
		let mut line = Map::new();
		line.insert("order".into(), hexadecimal(&award.order).into());
		line.insert("to".into(), award.to.to_string().into());
		line.insert("amount".into(), award.amount.to_string().into());
		orders.name(&mut line);
		Value::Object(line)
	});
	let count = data.insert("awards".into(), awards.collect());
	data.insert("count".into(), count.unwrap_or_default());
}

fn hexadecimal(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}

/// Vintages that expire soon, each told once.
async fn expiring(tx: &mut Transaction, block: &FinalBlock) -> Result<Vec<Message>, StoreError> {
	let time = i64::try_from(block.time).unwrap_or(Moment::MAX);
	let rows = sqlx::query(
		"SELECT v.asset, v.program, v.expires, v.supply, v.pending, p.institution \
		 FROM vintages v JOIN programs p ON p.program = v.program \
		 WHERE v.expired IS NULL AND v.expires > $1 AND v.expires <= $2 \
		 AND NOT EXISTS (SELECT 1 FROM expiring e WHERE e.asset = v.asset) ORDER BY v.asset",
	)
	.bind(time)
	.bind(time.saturating_add(NOTICE))
	.fetch_all(&mut **tx)
	.await?;
	let mut messages = Vec::with_capacity(rows.len());
	for row in rows {
		let asset: i64 = row.try_get("asset")?;
		let (supply, pending): (i64, i64) = (row.try_get("supply")?, row.try_get("pending")?);
		let data = json!({
			"program": row.try_get::<i64, _>("program")?,
			"asset": asset,
			"expires": row.try_get::<i64, _>("expires")?,
			"amount": supply.saturating_add(pending).to_string(),
			"block": block.number,
		});
		messages.push(Message {
			institution: u32::try_from(row.try_get::<i64, _>("institution")?).ok(),
			kind: kinds::EXPIRING,
			data: data.as_object().cloned().unwrap_or_default(),
		});
		sqlx::query("INSERT INTO expiring (asset, told) VALUES ($1, $2)")
			.bind(asset)
			.bind(time)
			.execute(&mut **tx)
			.await?;
	}
	Ok(messages)
}
