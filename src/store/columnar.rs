//! A table as a Parquet file: rows are gathered into groups of bounded size and written column by column; the same rows are the same bytes.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use super::row::Row;
use super::table::{BUNDLE, Column, Holds, Table};
use crate::error::{Error, Kind, Result};

/// Rows that are held before they are written.
const GROUP: usize = 8_192;

/// The day that Parquet counts from.
const EPOCH: Date = date(1970, 1, 1);

/// A Parquet file that is being written.
pub(super) struct Sheet {
    writer: SerializedFileWriter<File>,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

impl Sheet {
    /// A new file at `path` for the rows of `table`.
    pub fn create(path: &Path, table: &Table) -> Result<Self> {
        let unwritable = |e: ParquetError| Error::new(Kind::Unwritable).at(path).because(e);
        let columns: Vec<Column> = std::iter::once(BUNDLE).chain(table.columns.iter().copied()).collect();
        let schema = Arc::new(parse_message_type(&message(table, &columns)).map_err(unwritable)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("plan-ingest {}", env!("CARGO_PKG_VERSION")))
            .build();
        let file = File::create(path).map_err(|e| Error::new(Kind::Unwritable).at(path).because(e))?;
        let writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(unwritable)?;
        Ok(Self { writer, columns, rows: Vec::new() })
    }

    /// Adds a row, [`BUNDLE`] among its columns.
    pub fn push(&mut self, row: Row) -> Result<(), ParquetError> {
        self.rows.push(row);
        if self.rows.len() == GROUP { self.flush() } else { Ok(()) }
    }

    /// Writes what is left and closes the file, on the disk itself.
    pub fn finish(mut self) -> Result<(), ParquetError> {
        self.flush()?;
        let file = self.writer.into_inner()?;
        file.sync_all().map_err(ParquetError::from)
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &self.columns {
            let Some(writer) = group.next_column()? else { break };
            write(writer, column, &self.rows)?;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

/// The schema in Parquet's own words. Everything but the bundle and lists may be missing.
fn message(table: &Table, columns: &[Column]) -> String {
    let field = |c: &Column| {
        let name = c.name;
        match c.holds {
            Holds::Text if *c == BUNDLE => format!("required binary {name} (STRING);"),
            Holds::Text => format!("optional binary {name} (STRING);"),
            Holds::Texts => format!("required group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}"),
            Holds::Day => format!("optional int32 {name} (DATE);"),
            Holds::Whole => format!("optional int64 {name};"),
            Holds::Number => format!("optional double {name};"),
            Holds::Truth => format!("optional boolean {name};"),
        }
    };
    format!("message {} {{ {} }}", table.name, columns.iter().map(field).collect::<Vec<_>>().join(" "))
}

fn write(mut writer: SerializedColumnWriter<'_>, column: &Column, rows: &[Row]) -> Result<(), ParquetError> {
    let cells = || rows.iter().map(|row| row.get(column.name).unwrap_or(&Value::Null));
    let bytes = |text: &str| ByteArray::from(text.as_bytes().to_vec());
    match column.holds {
        Holds::Text if *column == BUNDLE => {
            let values: Vec<ByteArray> = cells().map(|v| bytes(v.as_str().unwrap_or_default())).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, None, None)?;
        }
        Holds::Text => scalars::<ByteArrayType>(&mut writer, cells().map(|v| v.as_str().map(bytes)))?,
        Holds::Texts => lists(&mut writer, cells())?,
        Holds::Day => scalars::<Int32Type>(&mut writer, cells().map(days))?,
        Holds::Whole => scalars::<Int64Type>(&mut writer, cells().map(Value::as_i64))?,
        Holds::Number => scalars::<DoubleType>(&mut writer, cells().map(Value::as_f64))?,
        Holds::Truth => scalars::<BoolType>(&mut writer, cells().map(Value::as_bool))?,
    }
    writer.close()
}

/// A column of values that may be missing: a definition level of 1 says that one is there.
fn scalars<T: DataType>(writer: &mut SerializedColumnWriter<'_>, cells: impl Iterator<Item = Option<T::T>>) -> Result<(), ParquetError> {
    let (mut values, mut there) = (Vec::new(), Vec::new());
    for cell in cells {
        there.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    writer.typed::<T>().write_batch(&values, Some(&there), None).map(|_| ())
}

/// A column of lists: a repetition level of 0 begins a row's list, a definition level of 0 is a list of nothing.
fn lists<'a>(writer: &mut SerializedColumnWriter<'_>, cells: impl Iterator<Item = &'a Value>) -> Result<(), ParquetError> {
    let (mut values, mut there, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let texts = cell.as_array().map_or(&[][..], Vec::as_slice);
        if texts.is_empty() {
            there.push(0);
            again.push(0);
        }
        for (nth, text) in texts.iter().enumerate() {
            values.push(ByteArray::from(text.as_str().unwrap_or_default().as_bytes().to_vec()));
            there.push(1);
            again.push(i16::from(nth > 0));
        }
    }
    writer.typed::<ByteArrayType>().write_batch(&values, Some(&there), Some(&again)).map(|_| ())
}

fn days(value: &Value) -> Option<i32> {
    let day: Date = value.as_str()?.parse().ok()?;
    (day - EPOCH).get_days().into()
}
