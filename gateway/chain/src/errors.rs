//! Errors of the chain in its own words: a name, what to do about it, and whether time helps.

use crate::hanse::runtime_types::sp_runtime::{DispatchError, ModuleError};
use subxt::Metadata;

/// Why the chain refused something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainError {
	/// The pallet and its error, as in `points.AlreadyIssued`.
	pub name: String,
	/// When it comes, and what to do: the sentence of the metadata.
	pub advice: String,
	/// Whether the same request can do well later.
	pub retryable: bool,
}

/// What goes away with time, or when somebody else did something that is likely.
const RETRYABLE: &[&str] = &[
	"points.OverLiabilityCap",
	"points.BelowMinimumReserve",
	"points.OverDailyGrowth",
	"clearing.ReserveTooSmall",
	"clearing.FundsTooSmall",
	"clearing.CycleRunning",
	"clearing.CreditLineEarmarked",
	"clearing.Overdue",
	"clearing.OverDepositCap",
	"clearing.NotAttested",
	"clearing.PayoutPending",
	"clearing.TooEarly",
	"customers.RecoveryOpen",
	"customers.OverBond",
	"customers.OverLimit",
	"customers.TooEarly",
	"customers.TooYoung",
	"customers.WindowOpen",
	"conduct.IssuingStopped",
	"supervision.PointsHalted",
	"supervision.ProgramHalted",
	"supervision.IssuingHalted",
	"institutions.NotActive",
	"institutions.BondTooSmall",
	"rulebook.MaxMotionsExceeded",
	"rulebook.AmendedThisEra",
	"system.CallFiltered",
];

impl ChainError {
	/// An error that a call ended with, in the words of the runtime that answered it.
	pub fn of(error: &DispatchError, metadata: &Metadata) -> Self {
		match error {
			DispatchError::Module(module) => Self::of_module(module, metadata),
			DispatchError::BadOrigin => Self::general(
				"BadOrigin",
				"Whoever signed may not do this. Check that the institution's delegate has the right proxy type.",
				false,
			),
			DispatchError::Token(of) => Self::general(
				&format!("token.{of:?}"),
				"The balance does not allow it. Fund the account first.",
				true,
			),
			DispatchError::Arithmetic(of) => Self::general(
				&format!("arithmetic.{of:?}"),
				"The amounts are too large to be added up. Use smaller ones.",
				false,
			),
			DispatchError::Exhausted => {
				Self::general("Exhausted", "The block had no room for it. Send it again.", true)
			},
			DispatchError::Unavailable => {
				Self::general("Unavailable", "Something is missing for now. Try again.", true)
			},
			other => Self::general(
				&format!("{other:?}"),
				"The chain refused it for a reason that is none of the alliance's own. Tell whoever runs the gateway.",
				false,
			),
		}
	}

	fn of_module(module: &ModuleError, metadata: &Metadata) -> Self {
		let found = metadata
			.pallet_by_error_index(module.index)
			.and_then(|pallet| Some((pallet.name(), pallet.error_variant_by_index(module.error[0])?)));
		match found {
			Some((pallet, error)) => {
				let name = format!("{}.{}", lower_camel(pallet), error.name);
				Self { advice: plain(&error.docs), retryable: RETRYABLE.contains(&name.as_str()), name }
			},
			None => Self::general(
				&format!("{}.{}", module.index, module.error[0]),
				"The chain refused it with an error that its metadata does not name. Tell whoever runs the gateway.",
				false,
			),
		}
	}

	fn general(name: &str, advice: &str, retryable: bool) -> Self {
		Self { name: name.to_owned(), advice: advice.to_owned(), retryable }
	}
}

/// Every error of the runtime's pallets, by pallet and in the order of the metadata.
pub fn all(metadata: &Metadata) -> Vec<ChainError> {
	metadata
		.pallets()
		.flat_map(|pallet| {
			pallet.error_variants().unwrap_or_default().iter().map(move |error| {
				let name = format!("{}.{}", lower_camel(pallet.name()), error.name);
				ChainError { advice: plain(&error.docs), retryable: RETRYABLE.contains(&name.as_str()), name }
			})
		})
		.collect()
}

/// `TxPause` as `txPause`: pallets as wallets and libraries call them.
fn lower_camel(pallet: &str) -> String {
	let mut letters = pallet.chars();
	letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// Documentation as one line, without the marks of links.
fn plain(docs: &[String]) -> String {
	let text =
		docs.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
	match text.is_empty() {
		true => "The chain says no more than its name. Look it up in the reference of the pallet.".to_owned(),
		false => text.replace("[`", "`").replace("`]", "`"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn metadata() -> Metadata {
		Metadata::decode_from(include_bytes!("../../../clients/sdk/metadata.scale")).unwrap()
	}

	#[test]
	fn an_error_has_the_name_and_the_advice_of_the_metadata() {
		let metadata = metadata();
		let points = metadata.pallet_by_name("Points").unwrap();
		let variant = points.error_variants().unwrap().iter().find(|e| e.name == "AlreadyIssued").unwrap();
		let error = DispatchError::Module(ModuleError {
			index: points.error_index(),
			error: [variant.index, 0, 0, 0],
		});
		let error = ChainError::of(&error, &metadata);
		assert_eq!(error.name, "points.AlreadyIssued");
		assert!(error.advice.starts_with("Points were issued for this order already."), "{}", error.advice);
		assert!(!error.retryable);
	}

	#[test]
	fn what_is_called_retryable_exists() {
		let names: Vec<_> = all(&metadata()).into_iter().map(|error| error.name).collect();
		for name in RETRYABLE {
			assert!(names.iter().any(|n| n == name), "{name} is no error of the runtime");
		}
	}

	#[test]
	fn every_error_has_advice() {
		for error in all(&metadata()) {
			assert!(!error.advice.is_empty(), "{} says nothing", error.name);
		}
	}
}
