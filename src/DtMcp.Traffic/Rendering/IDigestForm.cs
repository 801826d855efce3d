using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Rendering;

/// <summary>One form of an answer. Writes what a shape shows and no more.</summary>
internal interface IDigestForm
{
    string Write(Digest digest, Shape shape);

    /// <summary>One row as <see cref="Write"/> has it, for its cost.</summary>
    string Row(Table table, int row, Shape shape);
}
