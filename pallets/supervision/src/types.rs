use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use hanse_primitives::{Duration, InstitutionId, Moment, ProgramId};
use scale_info::TypeInfo;
use sp_core::H256;

/// The number of a request.
pub type RequestId = u32;

/// The [`Target`] of a runtime.
pub type TargetOf<T> = Target<<T as frame_system::Config>::AccountId>;

/// What a supervisor may do. Each level includes those before it.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum Level {
	/// Ask institutions for disclosures.
	Observe,
	/// Say what was found in documents.
	Attest,
	/// Stop something for a while.
	Halt,
}

/// What a supervisor may act on.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Scope {
	/// Everything, and accounts of customers, which are in no other scope.
	All,
	/// One institution and its programs.
	Institution(InstitutionId),
	/// One program, but not its institution.
	Program(ProgramId),
}

/// What a right is used on.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Target<AccountId> {
	/// The points of one program.
	Program(ProgramId),
	/// An institution; its issuing, if it is halted.
	Institution(InstitutionId),
	/// The points that one account holds.
	Customer(AccountId),
}

/// Somebody with rights.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Supervisor<AccountId> {
	/// Who.
	pub account: AccountId,
	/// What it may do.
	pub level: Level,
	/// What it may act on.
	pub scope: Scope,
	/// The first moment at which it may no more.
	pub until: Moment,
}

/// A question that is not answered.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct DisclosureRequest<AccountId> {
	/// Who asked.
	pub by: AccountId,
	/// Who was asked.
	pub institution: InstitutionId,
	/// The hash of what was asked.
	pub question: H256,
	/// The first moment at which it is too late. It stays as it was when the question was asked.
	pub deadline: Moment,
}

/// What a supervisor found in a document.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Finding {
	/// Nothing to object to.
	InOrder,
	/// Something that readers should know.
	Remark,
	/// It does not say what is true.
	Deficient,
}

/// A finding, by whom and when.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Attestation<AccountId> {
	/// The supervisor.
	pub by: AccountId,
	/// When.
	pub at: Moment,
	/// What it found.
	pub finding: Finding,
	/// The hash of the document.
	pub document: H256,
}

/// The last halt of a target.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct HaltRecord<AccountId> {
	/// Who halted it.
	pub by: AccountId,
	/// When it began.
	pub since: Moment,
	/// The first moment at which it is over.
	pub until: Moment,
	/// Milliseconds for which it was to last, by which a vote prolongs it.
	pub length: Duration,
	/// The hash of why.
	pub reason: H256,
	/// Whether the members allowed another halt after this one.
	pub may_repeat: bool,
}

/// When a target is halted: what of a record everything that moves points needs to know.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct HaltSpan<AccountId> {
	/// The target.
	pub target: Target<AccountId>,
	/// When it began.
	pub since: Moment,
	/// The first moment at which it is over.
	pub until: Moment,
}

/// A halt that runs.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Halt<AccountId> {
	/// What is halted.
	pub target: Target<AccountId>,
	/// By whom.
	pub by: AccountId,
	/// Since when.
	pub since: Moment,
	/// The first moment at which it is over.
	pub until: Moment,
	/// The hash of why.
	pub reason: H256,
}

/// Something that is over at a moment.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum DueItem<AccountId> {
	/// A halt.
	Halt(Target<AccountId>),
	/// A request without an answer.
	DisclosureRequest(RequestId),
}

/// How often a supervisor used its rights.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ActCounts {
	/// Disclosures that it asked for.
	pub requests: u32,
	/// Findings that it attested.
	pub attestations: u32,
	/// Halts.
	pub halts: u32,
}

impl ActCounts {
	/// Count one more.
	pub fn count<AccountId>(&mut self, act: &SupervisorAct<AccountId>) {
		let counter = match act {
			SupervisorAct::DisclosureRequest { .. } => &mut self.requests,
			SupervisorAct::Attestation { .. } => &mut self.attestations,
			SupervisorAct::Halt { .. } => &mut self.halts,
		};
		*counter = counter.saturating_add(1);
	}

	/// All of them.
	pub fn total(&self) -> u32 {
		self.requests.saturating_add(self.attestations).saturating_add(self.halts)
	}
}

/// What a supervisor did.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum SupervisorAct<AccountId> {
	/// It asked an institution.
	DisclosureRequest {
		/// The number.
		request: RequestId,
		/// Who was asked.
		institution: InstitutionId,
	},
	/// It said what it found.
	Attestation {
		/// Whose document it was.
		institution: InstitutionId,
		/// What it found.
		finding: Finding,
	},
	/// It stopped something.
	Halt {
		/// What.
		target: Target<AccountId>,
		/// Milliseconds for which it was to last.
		length: Duration,
	},
}

/// One use of a right.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct LoggedAct<AccountId> {
	/// The supervisor.
	pub by: AccountId,
	/// When.
	pub at: Moment,
	/// What it did.
	pub act: SupervisorAct<AccountId>,
}
