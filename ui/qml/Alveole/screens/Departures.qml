import QtQuick
import Alveole

// The departure board of a stop.
Page {
    id: screen

    RowList {
        anchors.fill: parent
        vm: screen.vm
    }
}
