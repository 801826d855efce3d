using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// Numbers pairs of keys as they come, from 1 up. Bounded: what comes beyond, and what is evicted, is number 0, so that no connection is
/// lost.
/// </summary>
internal sealed class GroupPairs
{
    /// <summary>Number of all that have none of their own.</summary>
    public const int Others = 0;

    /// <summary>With its sums a pair takes some 150 bytes.</summary>
    public const int MaxPairs = 500_000;

    private readonly List<(int First, int Second)> _pairs = [(-1, -1)];
    private readonly Stack<int> _free = [];
    private Dictionary<(int First, int Second), int> _numbers = [];

    /// <summary>One past the largest number.</summary>
    public int Length => _pairs.Count;

    /// <summary>How many pairs have a number.</summary>
    public int Count => _numbers.Count;

    public (int First, int Second) this[int number] => _pairs[number];

    public int Of(int first, int second)
    {
        if (_numbers.TryGetValue((first, second), out var number))
        {
            return number;
        }

        if (_numbers.Count >= MaxPairs)
        {
            return Others;
        }

        if (_free.TryPop(out number))
        {
            _pairs[number] = (first, second);
        }
        else
        {
            number = _pairs.Count;
            _pairs.Add((first, second));
        }

        _numbers[(first, second)] = number;
        return number;
    }

    /// <summary>Goes over to new ids of endpoints; numbers stay.</summary>
    /// <returns>The numbers of pairs that are no more, to be counted as <see cref="Others"/>.</returns>
    public IReadOnlyList<int> Remap(EndpointRemap remap, bool firstIsEndpoint, bool secondIsEndpoint)
    {
        List<int> gone = [];
        Dictionary<(int First, int Second), int> numbers = new(_numbers.Count);
        foreach (var ((first, second), number) in _numbers)
        {
            var (to, then) = (firstIsEndpoint ? remap.NewId(first) : first, secondIsEndpoint ? remap.NewId(second) : second);
            if (to < 0 || then < 0)
            {
                gone.Add(number);
                _free.Push(number);
                _pairs[number] = (-1, -1);
            }
            else
            {
                _pairs[number] = (to, then);
                numbers[(to, then)] = number;
            }
        }

        _numbers = numbers;
        return gone;
    }
}
