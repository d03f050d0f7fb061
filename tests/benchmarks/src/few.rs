//! Which items there are few of, for what is measured and for the test that compares weights with what calls write.

/// Items of which there are few although their maps are hashed as those of many: vintages, what members are called, the
/// accounts by which members act, calls that are paused, and pages of receipts, which a block fills one by one.
pub const FEW: [&str; 7] = [
	"Assets.Asset",
	"Exchange.ReceiptClosings",
	"Institutions.InstitutionByReading",
	"Institutions.InstitutionOf",
	"Institutions.LastSeen",
	"Points.ProgramByReading",
	"TxPause.PausedCalls",
];
