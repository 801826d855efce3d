using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>Where one page is read to: its rows, and what is known of the shape of entries. Used for one page after another.</summary>
internal sealed class RecordsSpace
{
    public FlowSet Rows { get; } = new();

    public RecordSteps Steps { get; } = new();
}

/// <summary>Spaces for as many pages as are under way or wait to be taken.</summary>
internal sealed class RecordsSpaces
{
    private readonly Stack<RecordsSpace> _free = [];

    public RecordsSpace Rent()
    {
        lock (_free)
        {
            return _free.TryPop(out var space) ? space : new RecordsSpace();
        }
    }

    /// <summary>Lets go of those that wait for another page: there is none.</summary>
    public void Forget()
    {
        lock (_free)
        {
            _free.Clear();
        }
    }

    public void Return(RecordsSpace space)
    {
        space.Rows.Clear();
        lock (_free)
        {
            _free.Push(space);
        }
    }
}
