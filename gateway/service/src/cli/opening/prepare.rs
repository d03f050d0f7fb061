//! `opening prepare`: the document, from a shop's CSV.

use super::{Failure, Settings, chain, config, replace, say};
use crate::{
	model::Hash,
	opening::{Balance, Document, Holder, Row, read},
	store::Store,
};
use clap::Args;
use hanse_chain::{
	AccountId, InstitutionId, Moment, ProgramId,
	hanse::runtime_types::pallet_points::types::books::ProgramInfo, reads::Reads,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sqlx::Row as _;
use std::{collections::HashMap, path::PathBuf};

/// Make the document from a CSV of balances
///
/// The columns are customer (the institution's own reference, of a customer that it registered) or account, points (whole
/// smallest units), and expires, if it was promised: the last day of the points. The same CSV and day make the same
/// document, to the byte. A line whose points were promised to last longer than those of the program is refused.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway opening prepare balances.csv --institution 1 --program 1 --day 2026-11-26
  hanse-gateway opening prepare balances.csv --institution 1 --program 1 --day 2026-11-26 --out sky.json

A file of balances:
  customer,points,expires
  C-1009,150000,2027-06-30
  C-1010,2500,")]
pub struct Prepare {
	/// The CSV, whose first line names the columns
	file: PathBuf,
	/// Who owes the points
	#[arg(long)]
	institution: InstitutionId,
	/// The program in which they are issued
	#[arg(long)]
	program: ProgramId,
	/// The day at whose end the balances were those
	#[arg(long, value_name = "YYYY-MM-DD")]
	day: Date,
	/// Where the document goes
	#[arg(long, default_value = "opening.json")]
	out: PathBuf,
	/// Take lines whose points expire sooner than was promised
	#[arg(long)]
	shorten: bool,
}

impl Prepare {
	pub async fn execute(self, settings: &Settings) -> Result<(), Failure> {
		let rows = read(&super::bytes(&self.file)?).map_err(|faults| self.wrong(&faults))?;
		let config = config(settings)?;
		let (node, _) = chain::connect(&config).await?;
		let reads = Reads::new(node.at_final().await?);
		let program = self.program(&reads).await?;
		self.ensure_lasts(&rows, &program)?;
		let needs_names = rows.iter().any(|row| matches!(row.holder, Holder::Customer(_)));
		let known = match needs_names {
			true => customers(&Store::open(&config.database).await?, self.institution).await?,
			false => HashMap::new(),
		};
		let document = Document {
			chain: Hash(node.genesis()),
			institution: self.institution,
			program: self.program,
			day: self.day,
			balances: self.balances(rows, &known)?,
		};
		let (text, hash) = (document.text()?, document.hash()?);
		if self.out.exists() && super::bytes(&self.out)? != text.as_bytes() {
			return Err(Failure::Usage(format!(
				"{} is there, with something else in it: name another file by --out",
				self.out.display()
			)));
		}
		replace(&self.out, &text)?;
		let symbol = String::from_utf8_lossy(&program.symbol.0).into_owned();
		let total = document.total();
		let value = total * u128::from(program.terms.face_value);
		say(format_args!("{}: {} balances of {}", self.out.display(), document.balances.len(), self.day))?;
		say(format_args!("total    {total} smallest units of {symbol}, worth {}", chain::units(value)))?;
		say(format_args!("hash     {}", String::from(hash)))
	}

	fn wrong(&self, faults: &[String]) -> Failure {
		let faults: Vec<String> =
			faults.iter().map(|fault| format!("{}: {fault}", self.file.display())).collect();
		Failure::Usage(faults.join("\n"))
	}

	async fn program(&self, reads: &Reads) -> Result<ProgramInfo, Failure> {
		let found = program(reads, self.program).await?;
		match found.issuer == self.institution {
			true => Ok(found),
			false => Err(Failure::Usage(format!(
				"program {} is institution {}'s: only the issuer brings balances",
				self.program, found.issuer
			))),
		}
	}

	/// Fails if the points of a line would expire sooner than was promised, or did already.
	fn ensure_lasts(&self, rows: &[Row], program: &ProgramInfo) -> Result<(), Failure> {
		let last = last_day(program.ends.saturating_add(program.terms.validity))?;
		let mut faults = Vec::new();
		for row in rows {
			match row.expires {
				Some(day) if day < self.day => {
					faults.push(format!("line {}: the points expired on {day}: leave it out", row.line));
				},
				Some(day) if day > last && !self.shorten => faults.push(format!(
					"line {}: the points were promised until {day}, and those of program {} expire on {last}: issue them in a program that lasts, or write --shorten",
					row.line, self.program
				)),
				_ => {},
			}
		}
		if faults.is_empty() { Ok(()) } else { Err(self.wrong(&faults)) }
	}

	fn balances(&self, rows: Vec<Row>, known: &HashMap<String, AccountId>) -> Result<Vec<Balance>, Failure> {
		let (mut balances, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
		for Row { line, holder, customer, points, expires } in rows {
			let account = match holder {
				Holder::Account(account) => Some(account),
				Holder::Customer(customer) => {
					let found = known.get(&customer).copied();
					if found.is_none() {
						faults.push(format!(
							"line {line}: {customer} is no customer here: register it, or write the account"
						));
					}
					found
				},
			};
			balances.extend(account.map(|account| Balance { account, customer, points, expires }));
		}
		if faults.is_empty() { Ok(balances) } else { Err(self.wrong(&faults)) }
	}
}

/// A program, as the chain has it.
pub async fn program(reads: &Reads, id: ProgramId) -> Result<ProgramInfo, Failure> {
	let page = reads.programs(id).await?;
	let found = page.programs.into_iter().find(|info| info.program == id);
	found.ok_or_else(|| Failure::Usage(format!("the chain has no program {id}: make it first")))
}

/// The last whole day before a moment, by UTC.
fn last_day(moment: Moment) -> Result<Date, Failure> {
	let moment = Timestamp::from_millisecond(i64::try_from(moment)?)?;
	Ok(moment.to_zoned(TimeZone::UTC).date().yesterday()?)
}

/// Accounts of an institution's customers by its references.
async fn customers(store: &Store, of: InstitutionId) -> Result<HashMap<String, AccountId>, Failure> {
	let rows = sqlx::query("SELECT reference, account FROM customers WHERE institution = $1")
		.bind(i64::from(of))
		.fetch_all(store.read())
		.await?;
	let mut known = HashMap::with_capacity(rows.len());
	for row in rows {
		let account: Vec<u8> = row.try_get("account")?;
		let account = <[u8; 32]>::try_from(account)
			.map_err(|_| Failure::Failed("the database has an account that is not of 32 bytes".into()))?;
		known.insert(row.try_get("reference")?, AccountId(account));
	}
	Ok(known)
}
