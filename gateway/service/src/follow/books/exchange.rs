//! Payments, what is refunded of them, and exchanges: why points ceased to be.

use super::{
	Books, Flow, Loose,
	changes::{Entry, signed},
	program_of,
};
use crate::follow::{FollowError, rows::Value};
use hanse::exchange::Event as Exchange;
use hanse_chain::{AccountId, BlockEvent, EraIndex, InstitutionId, ProgramId, hanse};

/// What names a payment.
#[derive(Clone, Copy)]
struct Bill {
	merchant: InstitutionId,
	payer: AccountId,
	era: EraIndex,
	commitment: [u8; 32],
}

impl Books<'_> {
	pub(super) async fn exchange(&mut self, event: &BlockEvent, what: &Exchange) -> Result<(), FollowError> {
		let bill = |merchant: &InstitutionId, payer: &[u8; 32], era: &EraIndex, commitment: &[u8; 32]| Bill {
			merchant: *merchant,
			payer: AccountId(*payer),
			era: *era,
			commitment: *commitment,
		};
		match what {
			Exchange::Paid { merchant, payer, order, price } => {
				let bill = bill(merchant, &payer.0, &order.era, &order.commitment.0);
				self.spend(bill, "spent").await?;
				self.add_payment(event, bill, "paid", None, *price)?;
				self.enter_bill(event, bill, "paid", *price);
			},
			Exchange::PaymentAuthorised { merchant, payer, order, price, .. } => {
				let bill = bill(merchant, &payer.0, &order.era, &order.commitment.0);
				self.spend(bill, "set_aside").await?;
				self.add_payment(event, bill, "authorised", Some(*price), 0)?;
				self.enter_bill(event, bill, "authorised", *price);
			},
			Exchange::PaymentCaptured { merchant, payer, order, value, left } => {
				let bill = bill(merchant, &payer.0, &order.era, &order.commitment.0);
				let status = if *left == 0 { "paid" } else { "captured" };
				let set = "status = $1, price = price + $2";
				self.change_payment(bill, set, status, *value).await?;
				self.enter_bill(event, bill, "captured", *value);
			},
			Exchange::AuthorisationVoided { merchant, payer, order, value } => {
				let bill = bill(merchant, &payer.0, &order.era, &order.commitment.0);
				let set = "status = CASE WHEN price = 0 THEN $1 ELSE 'paid' END, price = price + $2";
				self.change_payment(bill, set, "void", 0).await?;
				self.enter_bill(event, bill, "void", *value);
			},
			Exchange::Refunded { merchant, payer, order, value, .. } => {
				let bill = bill(merchant, &payer.0, &order.era, &order.commitment.0);
				let set = "status = COALESCE($1, status), refunded = refunded + $2";
				self.change_payment(bill, set, None, *value).await?;
				self.enter_bill(event, bill, "refunded", *value);
			},
			Exchange::Exchanged { who, from, amount, to, out, .. } => {
				self.exchange_points(event, AccountId(who.0), (*from, *amount), (*to, *out)).await?;
			},
			_ => {},
		}
		Ok(())
	}

	/// What the payer lost just now went to this merchant.
	async fn spend(&mut self, bill: Bill, kind: &'static str) -> Result<(), FollowError> {
		let burned = self.take_loose(|loose| loose.points < 0 && loose.account == bill.payer);
		for Loose { position, asset, account, points, .. } in burned {
			let program = program_of(asset);
			let flow = match self.issuer(program).await? == bill.merchant {
				true => Flow::RedeemedAtHome,
				false => Flow::RedeemedAtPartners,
			};
			self.changes.flow(program, flow, points.unsigned_abs());
			let entry = Entry::new(account, position, kind).points(asset, points);
			self.changes.enter(entry.institution(bill.merchant).order(bill.commitment));
		}
		Ok(())
	}

	async fn exchange_points(
		&mut self,
		event: &BlockEvent,
		who: AccountId,
		(from, amount): (ProgramId, u128),
		(to, out): (ProgramId, u128),
	) -> Result<(), FollowError> {
		self.changes.flow(from, Flow::ExchangedOut, amount);
		self.changes.flow(to, Flow::ExchangedIn, out);
		let burned = |loose: &Loose| loose.points < 0 && program_of(loose.asset) == from;
		for Loose { position, asset, account, points, .. } in self.take_loose(burned) {
			self.changes.enter(Entry::new(account, position, "exchanged_out").points(asset, points));
		}
		let minted = self.take_loose(|loose| loose.points > 0 && program_of(loose.asset) == to);
		if minted.is_empty() {
			// They are pending, in the vintage of the period.
			let current: Option<i64> = sqlx::query_scalar("SELECT current FROM programs WHERE program = $1")
				.bind(i64::from(to))
				.fetch_one(&mut **self.tx)
				.await?;
			let asset = current.and_then(|asset| u32::try_from(asset).ok());
			let asset = asset.ok_or_else(|| self.contradiction(format!("program {to} has no vintage")))?;
			self.changes.pend(asset, who, signed(out));
			let entry = Entry::new(who, event.position, "exchanged_in_pending");
			self.changes.enter(entry.points(asset, signed(out)));
		}
		for Loose { position, asset, account, points, .. } in minted {
			self.changes.enter(Entry::new(account, position, "exchanged_in").points(asset, points));
		}
		Ok(())
	}

	fn add_payment(
		&mut self,
		event: &BlockEvent,
		bill: Bill,
		status: &str,
		authorised: Option<u128>,
		price: u128,
	) -> Result<(), FollowError> {
		let authorised = authorised.map(|value| self.whole(signed(value))).transpose()?;
		let row = [
			Value::Number(self.number),
			Value::Number(event.position.into()),
			Value::OptionalNumber(event.extrinsic.map(i64::from)),
			Value::Number(self.time),
			Value::Number(bill.merchant.into()),
			Value::Bytes(bill.payer.0.to_vec()),
			Value::Number(bill.era.into()),
			Value::Bytes(bill.commitment.to_vec()),
			Value::Text(status.to_owned()),
			Value::OptionalNumber(authorised),
			self.amount(signed(price))?,
			Value::Number(0),
			Value::Number(self.number),
		];
		self.changes.payments.push(row);
		Ok(())
	}

	/// Changes the last payment of this name: an order can be paid again once nothing is known of it any more.
	async fn change_payment(
		&mut self,
		bill: Bill,
		set: &str,
		status: impl Into<Option<&str>>,
		value: u128,
	) -> Result<(), FollowError> {
		self.flush().await?;
		let statement = format!(
			"UPDATE payments SET {set}, changed = $3 WHERE (block, position) IN (SELECT block, position FROM payments WHERE merchant = $4 AND payer = $5 AND commitment = $6 ORDER BY block DESC, position DESC LIMIT 1)"
		);
		let done = sqlx::query(sqlx::AssertSqlSafe(statement))
			.bind(status.into().map(str::to_owned))
			.bind(self.whole(signed(value))?)
			.bind(self.number)
			.bind(i64::from(bill.merchant))
			.bind(bill.payer.0.to_vec())
			.bind(bill.commitment.to_vec())
			.execute(&mut **self.tx)
			.await?;
		match done.rows_affected() {
			1 => Ok(()),
			_ => Err(self.contradiction("a payment changed that was never made")),
		}
	}

	fn enter_bill(&mut self, event: &BlockEvent, bill: Bill, kind: &'static str, value: u128) {
		let entry = Entry::new(bill.payer, event.position, kind).institution(bill.merchant);
		self.changes.enter(entry.value(value).order(bill.commitment));
	}
}
