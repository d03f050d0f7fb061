mod exchange;
mod history;
mod invariants;
mod mock;
mod pay;
mod receipts;
mod refund;
