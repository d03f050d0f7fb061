//! Points, their clocks, and what stops them.

use crate::{AssetId, Burn, Duration, Flag, InstitutionId, Moment, Money, Points, ProgramId, Venue};
use alloc::vec::Vec;
use sp_runtime::{DispatchError, DispatchResult};

/// Why the clock of a program stands, and with it the time to the expiry of its points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClockStop {
	/// A supervisor halted it.
	Halt,
	/// Its issuer is overdue.
	Pause,
	/// Its issuer's reserve is below the minimum.
	Shortfall,
}

impl Flag for ClockStop {
	fn place(self) -> u8 {
		self as u8
	}
}

/// The clocks of programs. Law: while a clock stands, nothing of the program expires; when nothing holds it
/// any more, every open vintage expires later by the time for which it stood.
pub trait ProgramClocks {
	/// Stop the clock for one reason; it may stand for others already.
	fn stop(program: ProgramId, reason: ClockStop) -> DispatchResult;

	/// One reason is gone.
	fn resume(program: ProgramId, reason: ClockStop) -> DispatchResult;
}

/// The clocks of all programs of a member that is overdue. Law: after `pause` they stand for
/// [`ClockStop::Pause`], after `resume` not for that.
pub trait PartnerPauses {
	/// The member fell overdue.
	fn pause(id: InstitutionId) -> DispatchResult;

	/// It is overdue no more.
	fn resume(id: InstitutionId) -> DispatchResult;
}

/// What comes to an issuer for points that are made again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Funding {
	/// What they are worth, or it was kept for them.
	Funded,
	/// Nothing: it was itself that took them, or it gives them in the place of another's.
	Unfunded,
}

/// What [`PointsLedger::burn`] burned.
pub struct Burned {
	/// Who issued the points.
	pub issuer: InstitutionId,
	/// The vintages in the order in which they were taken, each with what its points pay: their face
	/// value, or the rate of it that a run-off pays.
	pub burns: Vec<Burn>,
}

/// What supervisors stopped.
pub trait Halts<AccountId> {
	/// Fails by name while points of `program` may not leave `who`.
	fn ensure_may_leave(who: &AccountId, program: ProgramId) -> DispatchResult;

	/// Fails by name while no points of `program` may be made.
	fn ensure_may_make(program: ProgramId) -> DispatchResult;

	/// What `from` held is going to `to`, after its key was lost. Law: afterwards `to` is halted for at least
	/// as long as `from`, and `from` as long as before, since not everything goes at once.
	fn copy_halt(from: &AccountId, to: &AccountId);

	/// The accounts that were halted at `at`, as far as it is remembered: those whose halt still runs, or has
	/// ended since the last block.
	fn halted_at(at: Moment) -> Vec<AccountId>;

	/// Do something in whose way no halt stands. Law: what is halted afterwards is what was before.
	fn without_halts<R>(act: impl FnOnce() -> R) -> R;
}

/// For a chain without supervisors.
impl<AccountId> Halts<AccountId> for () {
	fn ensure_may_leave(_: &AccountId, _: ProgramId) -> DispatchResult {
		Ok(())
	}

	fn ensure_may_make(_: ProgramId) -> DispatchResult {
		Ok(())
	}

	fn copy_halt(_: &AccountId, _: &AccountId) {}

	fn halted_at(_: Moment) -> Vec<AccountId> {
		Vec::new()
	}

	fn without_halts<R>(act: impl FnOnce() -> R) -> R {
		act()
	}
}

/// Points as neighbours use them.
pub trait PointsLedger<AccountId> {
	/// Burn points of `program` held by `from`, vintages that expire first first, until either
	/// `max_points` smallest units are burned or what is burned pays at least `max_value` micro-units, or
	/// the holder has no more. Never burns one smallest unit more than `max_value` needs, and nothing of
	/// vintages that would be expired `lasting` milliseconds from now.
	///
	/// Law: the issuer's outstanding value falls by the face value of what is burned, which is never less
	/// than what it pays, and the flow counter of `venue` grows by the points.
	fn burn(
		from: &AccountId,
		program: ProgramId,
		max_points: Points,
		max_value: Money,
		venue: Venue,
		lasting: Duration,
	) -> Result<Burned, DispatchError>;

	/// Mint `points` smallest units that were burned into their vintage again, which must be open, for `to`
	/// or whoever recovered that account. Law: the issuer's outstanding value and everything it ever made
	/// grow by their face value, and the flow counter `reinstated` by the points. Funded ones are within cap and
	/// minimum reserve whatever these say; unfunded ones count as issued, and fail by name beyond what may be issued.
	fn reinstate(to: &AccountId, vintage: AssetId, points: Points, funding: Funding) -> DispatchResult;

	/// As [`PointsLedger::reinstate`], for points worth `value` micro-units in another vintage: rounded down to
	/// whole smallest units, which it returns.
	fn reinstate_value(
		to: &AccountId,
		vintage: AssetId,
		value: Money,
		funding: Funding,
	) -> Result<Points, DispatchError>;

	/// Points that were just burned of an open vintage may come back. Law: until [`PointsLedger::unauthorise`] of as much,
	/// the issuer's outstanding value counts their face value, in micro-units, which it returns.
	fn authorise(vintage: AssetId, points: Points) -> Result<Money, DispatchError>;

	/// Of what was authorised, points of a face value of `value` micro-units were taken for good, or are about to
	/// come back. Law: the issuer's outstanding value falls by `value`.
	fn unauthorise(issuer: InstitutionId, value: Money) -> DispatchResult;

	/// The face value of what is authorised, in micro-units, of every issuer of which it is something.
	fn authorised() -> Vec<(InstitutionId, Money)>;

	/// Where what was burned of `vintage` comes back: itself while it is open, then the open vintage of its
	/// program that expires first; `None` if there is none, or if the issuer is in run-off or gone.
	fn refund_vintage(vintage: AssetId) -> Option<AssetId>;

	/// The open vintage that expires first of the issuer's first program that has one; else that of the
	/// first program's current period, which is opened. `None` if it has no program.
	fn vintage_of(issuer: InstitutionId) -> Result<Option<AssetId>, DispatchError>;

	/// Who issues the points of `program`.
	fn issuer(program: ProgramId) -> Result<InstitutionId, DispatchError>;

	/// Who issued an open vintage, and the face value of one smallest unit; `None` if it is not open.
	fn open_vintage(vintage: AssetId) -> Option<(InstitutionId, u32)>;

	/// Who issues the points of `program`, and what [`PointsLedger::burn`] would pay of the same account and program, in
	/// settlement micro-units.
	fn issuer_and_worth(
		account: &AccountId,
		program: ProgramId,
		max_points: Points,
	) -> Result<(InstitutionId, Money), DispatchError>;

	/// What that is worth; nothing, if there is no such program.
	fn worth(account: &AccountId, program: ProgramId, max_points: Points) -> Money {
		Self::issuer_and_worth(account, program, max_points).map_or(0, |(_, worth)| worth)
	}

	/// Make points of `program` worth `value` micro-units, rounded down to whole smallest units, for `to`,
	/// and say how many; they are pending as an award is. Law: they count as issued against the issuer's
	/// liability cap.
	fn exchange_in(to: &AccountId, program: ProgramId, value: Money) -> Result<Points, DispatchError>;
}
