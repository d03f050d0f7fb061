//! What the parts of the gateway speak of: actions, lanes, roles and problems.

use hanse_chain::{AccountId, EraIndex, InstitutionId, ProgramId};
use serde::{Deserialize, Serialize};

/// Settlement micro-units, or smallest units of points. More than 2⁶³ − 1 of either is refused at the door.
pub type Amount = u64;

/// 32 bytes, in JSON as `0x` and 64 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

impl TryFrom<String> for Hash {
	type Error = String;

	fn try_from(text: String) -> Result<Self, String> {
		let mut bytes = [0; 32];
		let digits = text.strip_prefix("0x").ok_or("it begins with 0x")?;
		hex::decode_to_slice(digits, &mut bytes)
			.map_err(|_| "it is 0x and 64 hexadecimal digits".to_owned())?;
		Ok(Self(bytes))
	}
}

impl From<Hash> for String {
	fn from(Hash(bytes): Hash) -> Self {
		format!("0x{}", hex::encode(bytes))
	}
}

/// An order: the era in which it was placed, and the commitment that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
	pub era: EraIndex,
	pub commitment: Hash,
}

/// What may be taken of one program for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
	pub program: ProgramId,
	pub max_points: Amount,
}

/// Terms of a program, as the chain has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
	pub decimals: u8,
	/// Settlement micro-units of one smallest unit.
	pub face_value: u32,
	/// How long points go into the same vintage.
	pub period: Period,
	/// Milliseconds.
	pub validity: u64,
	pub pending: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
	Milliseconds(u64),
	/// Of the calendar, so many minutes ahead of UTC.
	Months(i16),
	Quarters(i16),
	Years(i16),
}

/// One thing that an institution does on the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
	Register {
		account: AccountId,
		commitment: Hash,
		tag: Hash,
		may_recover: bool,
		until: u64,
		signature: String,
	},
	Unregister {
		account: AccountId,
	},
	OpenRecovery {
		old: AccountId,
		new: AccountId,
		vintages: Vec<u32>,
		until: u64,
		signature: String,
	},
	CompleteRecovery {
		old: AccountId,
	},
	WithdrawRecovery {
		old: AccountId,
	},
	CreateProgram {
		name: String,
		symbol: String,
		terms: Terms,
	},
	ReviseTerms {
		program: ProgramId,
		terms: Terms,
	},
	Award {
		program: ProgramId,
		order: Order,
		to: AccountId,
		points: Amount,
	},
	CancelAward {
		program: ProgramId,
		commitment: Hash,
		total: Amount,
	},
	PresentSlip {
		payer: AccountId,
		order: Order,
		price: Amount,
		legs: Vec<Leg>,
		until: u64,
		signature: String,
	},
	Refund {
		payer: AccountId,
		order: Order,
		total: Amount,
	},
	Capture {
		payer: AccountId,
		order: Order,
		value: Amount,
		last: bool,
	},
	Void {
		payer: AccountId,
		order: Order,
	},
	TopUp {
		amount: Amount,
	},
	DrawDown {
		amount: Amount,
	},
	RequestPayout {
		amount: Amount,
	},
	GrantCreditLine {
		debtor: InstitutionId,
		limit: Amount,
	},
	AcceptCreditLine {
		creditor: InstitutionId,
		limit: Amount,
	},
	AnswerComplaints {
		up_to: u64,
		document: Hash,
	},
	Disclose {
		request: u64,
		document: Hash,
	},
	Vote {
		motion: Hash,
		index: u32,
		approve: bool,
	},
	/// A transaction that a customer signed, as it is.
	Relay {
		bytes: String,
	},
}

impl Action {
	/// As it is called in the column `kind`, in JSON and in metrics.
	pub fn kind(&self) -> &'static str {
		match self {
			Self::Register { .. } => "register",
			Self::Unregister { .. } => "unregister",
			Self::OpenRecovery { .. } => "open_recovery",
			Self::CompleteRecovery { .. } => "complete_recovery",
			Self::WithdrawRecovery { .. } => "withdraw_recovery",
			Self::CreateProgram { .. } => "create_program",
			Self::ReviseTerms { .. } => "revise_terms",
			Self::Award { .. } => "award",
			Self::CancelAward { .. } => "cancel_award",
			Self::PresentSlip { .. } => "present_slip",
			Self::Refund { .. } => "refund",
			Self::Capture { .. } => "capture",
			Self::Void { .. } => "void",
			Self::TopUp { .. } => "top_up",
			Self::DrawDown { .. } => "draw_down",
			Self::RequestPayout { .. } => "request_payout",
			Self::GrantCreditLine { .. } => "grant_credit_line",
			Self::AcceptCreditLine { .. } => "accept_credit_line",
			Self::AnswerComplaints { .. } => "answer_complaints",
			Self::Disclose { .. } => "disclose",
			Self::Vote { .. } => "vote",
			Self::Relay { .. } => "relay",
		}
	}

	/// Whose key signs it; nobody's here if it is signed already.
	pub fn delegation(&self) -> Option<Delegation> {
		use Delegation::*;
		Some(match self {
			Self::Register { .. } | Self::Unregister { .. } => Registrar,
			Self::OpenRecovery { .. } | Self::CompleteRecovery { .. } | Self::WithdrawRecovery { .. } => {
				Registrar
			},
			Self::CreateProgram { .. } | Self::ReviseTerms { .. } | Self::Award { .. } => Issue,
			Self::CancelAward { .. } | Self::PresentSlip { .. } | Self::Refund { .. } => Cashier,
			Self::Capture { .. } | Self::Void { .. } => Cashier,
			Self::TopUp { .. } | Self::DrawDown { .. } | Self::RequestPayout { .. } => Treasury,
			Self::GrantCreditLine { .. } | Self::AcceptCreditLine { .. } => Treasury,
			Self::AnswerComplaints { .. } | Self::Disclose { .. } | Self::Vote { .. } => Governance,
			Self::Relay { .. } => return None,
		})
	}
}

/// What an institution lets a key do: the chain's proxy types, but for the one that may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delegation {
	Issue,
	Cashier,
	Registrar,
	Treasury,
	Governance,
}

impl Delegation {
	pub const ALL: [Self; 5] =
		[Self::Issue, Self::Cashier, Self::Registrar, Self::Treasury, Self::Governance];

	pub fn name(self) -> &'static str {
		match self {
			Self::Issue => "issue",
			Self::Cashier => "cashier",
			Self::Registrar => "registrar",
			Self::Treasury => "treasury",
			Self::Governance => "governance",
		}
	}
}

/// The lane of an institution's key.
pub fn lane(institution: InstitutionId, delegation: Delegation) -> String {
	format!("{institution}:{}", delegation.name())
}

/// What the holder of an access key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
	Registrar,
	Issuer,
	Till,
	Treasurer,
	Delegate,
	Reader,
	Analyst,
	Admin,
}

impl Role {
	pub const ALL: [Self; 8] = [
		Self::Registrar,
		Self::Issuer,
		Self::Till,
		Self::Treasurer,
		Self::Delegate,
		Self::Reader,
		Self::Analyst,
		Self::Admin,
	];

	pub fn name(self) -> &'static str {
		match self {
			Self::Registrar => "registrar",
			Self::Issuer => "issuer",
			Self::Till => "till",
			Self::Treasurer => "treasurer",
			Self::Delegate => "delegate",
			Self::Reader => "reader",
			Self::Analyst => "analyst",
			Self::Admin => "admin",
		}
	}

	/// Without whose key the role could do nothing, so that nobody gets it.
	pub fn needs(self) -> Option<Delegation> {
		match self {
			Self::Registrar => Some(Delegation::Registrar),
			Self::Issuer => Some(Delegation::Issue),
			Self::Till => Some(Delegation::Cashier),
			Self::Treasurer => Some(Delegation::Treasury),
			Self::Delegate => Some(Delegation::Governance),
			Self::Reader | Self::Analyst | Self::Admin => None,
		}
	}
}

/// Why something did not happen: a problem of RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
	/// `urn:hanse:PALLET.Error` of the chain, or `urn:hanse:gateway:NAME`.
	#[serde(rename = "type")]
	pub kind: String,
	pub title: String,
	pub status: u16,
	/// What to do about it.
	pub detail: String,
	/// Whether the same request can do well later.
	pub retryable: bool,
	/// Faults of the request, each at its place.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub errors: Vec<Fault>,
}

/// One fault of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Fault {
	/// A JSON pointer into the request's body, as in `/awards/3/points`.
	pub pointer: String,
	pub detail: String,
}
